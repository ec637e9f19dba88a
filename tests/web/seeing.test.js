// Where people see what there is: the Home tab, and lists.
import { picture, says, story } from './story.js';
import { be, confirm, go, request, type } from './world.js';

const open_home = (page) => page.getByRole('tab', { name: 'Home' }).click();

story('Home shows what waits, and an offer is approved from there', async (world, page) => {
  const home = page.getByRole('main');
  await request(page);
  await request(page, { customer: 'Second Ltd', buyers: '210987654321' });
  await be(page, 'Mia Manager');
  await go(page, 'CPPO');
  await open_home(page);
  await home.getByText('Second Ltd').waitFor();
  await home.getByText('Example Corp').waitFor();
  await picture(page, 'home');
  await home.getByRole('button', { name: 'Approve' }).first().click();
  await confirm(page, 'Approve');
  await home.getByText('Example Corp').waitFor({ state: 'detached' });
  await be(page, 'Sam Seller');
  await open_home(page);
  await home.getByText('1 Published').waitFor();
  await picture(page, 'home-seller');
});

story('a list says what is looked for', async (world, page) => {
  await request(page);
  await type(page, '/cppo list state:pending customer:example');
  await says(page, 'customer “example');
  await says(page, 'CPPO-1');
  await picture(page, 'list');
  await type(page, '/cppo list stat:pending');
  await says(page, 'Did you mean state:pending?');
});
