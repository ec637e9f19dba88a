// Talking to the sandbox: its control API under /_sandbox/.
import { toast } from './toast.js';

const refusals = {
  app_is_gone: 'The app that wrote this was deleted: its buttons stay, and nobody answers them.',
};

// The answer; {ok: false} (and a word about it) when the sandbox refuses or is not there.
export async function post(path, body = {}) {
  try {
    const reply = await fetch(`/_sandbox/${path}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    const answer = await reply.json();
    if (!answer.ok) toast(refusals[answer.error] ?? `The sandbox refuses: ${answer.error ?? 'that makes no sense to it'}`);
    return answer;
  } catch {
    toast('The sandbox does not answer. Is it still running?');
    return { ok: false, error: 'gone' };
  }
}

export async function get(path) {
  return (await fetch(`/_sandbox/${path}`)).json();
}
