// An app on slack-go, as its examples have it written; the environment is that of app.js.
package main

import (
	"database/sql"
	"encoding/json"
	"log"
	"os"

	_ "github.com/mattn/go-sqlite3"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

type offers struct {
	heading map[string]any
	newest  *sql.Stmt
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func open_offers(path string) offers {
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	must(err)
	newest, err := db.Prepare("SELECT block FROM offer WHERE requester = ? ORDER BY number DESC LIMIT 100")
	must(err)
	o := offers{newest: newest}
	var heading []byte
	must(db.QueryRow("SELECT message FROM heading").Scan(&heading))
	must(json.Unmarshal(heading, &o.heading))
	return o
}

func (o offers) list(user string) map[string]any {
	rows, err := o.newest.Query(user)
	must(err)
	defer rows.Close()
	blocks := []json.RawMessage{}
	for rows.Next() {
		var block []byte
		must(rows.Scan(&block))
		blocks = append(blocks, block)
	}
	list := map[string]any{"blocks": blocks}
	for name, value := range o.heading {
		list[name] = value
	}
	return list
}

func main() {
	reply, err := os.ReadFile(os.Getenv("BENCH_REPLY"))
	must(err)
	var stored offers
	if path := os.Getenv("BENCH_OFFERS"); path != "" {
		stored = open_offers(path)
	}
	api := slack.New(os.Getenv("SLACK_BOT_TOKEN"), slack.OptionAppLevelToken(os.Getenv("SLACK_APP_TOKEN")),
		slack.OptionAPIURL(os.Getenv("SLACK_API_URL")))
	client := socketmode.New(api)
	go func() {
		for event := range client.Events {
			switch event.Type {
			case socketmode.EventTypeSlashCommand:
				command := event.Data.(slack.SlashCommand)
				if command.Text == "list" {
					client.Ack(*event.Request, stored.list(command.UserID))
				} else {
					client.Ack(*event.Request, json.RawMessage(reply))
				}
			case socketmode.EventTypeInteractive:
				client.Ack(*event.Request)
			}
		}
	}()
	must(client.Run())
}
