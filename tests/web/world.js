// A sandbox with its bot, and people in a browser before its page.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const top = join(dirname(fileURLToPath(import.meta.url)), '../..');
const bin = join(top, process.env.BIN ?? '.build/asan');
export const pictures = join(top, '.build/web');

const browser_args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

let browser = null;

export async function open_browser() {
  mkdirSync(pictures, { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: browser_args });
}

export const close_browser = () => browser.close();

// The sandbox and the bot it starts; {url, stop()}. Their files lie in .build/web/NAME.
async function open_sandbox(name) {
  const dir = join(pictures, name);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const child = spawn(join(bin, 'cppo-sandbox'), ['--port', '0', '--dir', dir, '--', join(bin, 'cppo-bot'), 'run', '--config', join(dir, 'cppo.yaml')],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  let url = '';
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('page ')) url = line.slice(5);
    if (line === 'ready') break;
  }
  return { url, stop: async () => { child.kill('SIGTERM'); await ended; } };
}

// What a test has: {page, url, control(path, body), slack(method, body): a call of the app, state(), released(), stop()}.
export async function open_world(name, options = {}) {
  const sandbox = await open_sandbox(name);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  page.setDefaultTimeout(300000);
  await page.goto(sandbox.url);
  const control = async (path, body = {}) => (await fetch(new URL(`/_sandbox/${path}`, sandbox.url), {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).json();
  const slack = async (method, body) => (await fetch(new URL(`/api/${method}`, sandbox.url), { method: 'POST',
    headers: { Authorization: 'Bearer xoxb-sandbox', 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) })).json();
  const state = async () => (await fetch(new URL('/_sandbox/state', sandbox.url))).json();
  const released = async () => Object.values((await state()).market.offers).filter((offer) => offer.State === 'Released');
  await page.getByText('Bot connected').waitFor();
  return { page, url: sandbox.url, control, slack, state, released, complaints,
    stop: async () => { await context.close(); await sandbox.stop(); } };
}

// --- what people do ---------------------------------------------------------------------------------

// The page may draw its list anew between finding somebody and choosing them.
export async function be(page, person) {
  const radio = page.getByRole('radio', { name: person });
  for (let tries = 1; ; tries++) {
    try {
      return await radio.check({ force: true, timeout: 5000 });
    } catch (error) {
      if (tries === 60) throw error; // five minutes, as elsewhere
    }
  }
}

export const go = (page, place) => page.getByRole('navigation').getByRole('button', { name: place }).click();

export async function type(page, text) {
  await page.getByRole('combobox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Escape'); // the completions
  await page.keyboard.press('Enter');
}

// The form, filled in but not sent.
export async function fill(page, { markup = '25', customer = 'Example Corp', buyers = '123456789012' } = {}) {
  const form = page.getByRole('dialog', { name: 'New private offer' });
  await form.waitFor();
  const choice = form.getByRole('combobox', { name: 'Resale authorization' });
  await choice.click();
  await form.getByRole('option', { name: 'Archera-Partner-Subscription-2024' }).first().click();
  await form.getByLabel('Customer').fill(customer);
  await form.getByLabel('Buyer account ids').fill(buyers);
  await form.getByLabel('Markup').fill(markup);
  return form;
}

export const send = (form) => form.getByRole('button', { name: 'Send for approval' }).click();

export async function request(page, values) {
  await be(page, 'Sam Seller');
  await go(page, 'deal-desk');
  await type(page, '/cppo new');
  const form = await fill(page, values);
  await send(form);
  await form.waitFor({ state: 'hidden' });
}

export const card = (page, number = 1) => page.getByRole('article').filter({ hasText: `CPPO-${number} · ` });

// Click a button of the card, and confirm where Slack asks.
export async function decide(page, person, button) {
  await be(page, person);
  await go(page, 'approvals');
  await card(page).getByRole('button', { name: button }).click();
}

export const confirm = (page, button) => page.getByRole('dialog').getByRole('button', { name: button }).click();
