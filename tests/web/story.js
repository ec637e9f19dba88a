// A story: a test with a world of its own. A picture is taken where it failed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { card, close_browser, open_browser, open_world, pictures } from './world.js';

before(open_browser);
after(close_browser);

export function story(name, run, options) {
  const file = name.replace(/[^a-z0-9]+/gi, '-');
  test(name, { timeout: 1800000 }, async () => {
    const world = await open_world(file, options);
    try {
      await run(world, world.page);
      assert.deepEqual(world.complaints, [], 'the page has no error');
    } catch (error) {
      await world.page.screenshot({ path: `${pictures}/failed-${file}.png` });
      throw error;
    } finally {
      await world.stop();
    }
  });
}

export const picture = (page, name) => page.screenshot({ path: `${pictures}/${name}.png` });

export const says = (page, words) => page.getByRole('main').getByText(words).first().waitFor();

// The card says so, and the Marketplace holds one released offer.
export async function published_once(world) {
  await card(world.page).getByText('Published').first().waitFor();
  assert.equal((await world.released()).length, 1, 'one offer is released');
  assert.equal((await world.released())[0].release_count, 1, 'and once');
}
