// A real Chromium walks the pages of a relying party and its provider.
//
// Environment:
//   RP_URL              the relying party's first page, with a control named "Sign in"
//   USERNAME, PASSWORD  an account of the provider
//   NAME                that person's name, as the relying party shows it in its h1
//   SHOTS               a directory for screenshots; none are taken without it
//   CHROMIUM            default /usr/bin/chromium
//   ONLY                run just the scenario with this name
//
// Prints a line for every scenario, then PASS. Otherwise "FAIL <scenario>:
// <reason>" on standard error, and exit code 1. All pages also have to stay on
// this machine, log no error, have a title and a language, and fit 390 pixels.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const env = process.env;
for (const name of ['RP_URL', 'USERNAME', 'PASSWORD', 'NAME']) {
  if (!env[name]) {
    console.error(`FAIL usage: ${name} is not set`);
    process.exit(2);
  }
}
const executablePath = env.CHROMIUM || '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.error(`FAIL usage: no Chromium at ${executablePath}; crates/interop/install.sh installs it`);
  process.exit(2);
}
if (env.SHOTS) mkdirSync(env.SHOTS, { recursive: true });

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };
const TIMEOUT = 20_000;

const isLoopback = (url) => {
  const { protocol, hostname } = new URL(url);
  return ['data:', 'blob:', 'about:', 'chrome-error:'].includes(protocol)
    || hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
};

/** Everything a page does that it should not, gathered while it is used. */
async function watch(context, problems) {
  await context.route((url) => !isLoopback(url.href), (route) => {
    problems.push(`a page asked for ${route.request().url()}`);
    return route.abort();
  });
  context.on('page', (page) => {
    page.on('pageerror', (error) => problems.push(`script error at ${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      // A page that is itself an error answer (401, 400) is logged as a failed load of its own URL.
      const ownStatus = /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text())
        && message.location().url === page.url();
      if (message.type() === 'error' && !ownStatus) {
        problems.push(`console error at ${page.url()}: ${message.text()} (${message.location().url})`);
      }
    });
  });
}

/** What holds for each page, whoever shows it; with SHOTS, its pictures too. */
async function look(page, name) {
  assert((await page.title()).trim(), `the page ${name} has no title`);
  assert(await page.locator('html').getAttribute('lang'), `the page ${name} has no language`);
  assert.equal(await page.locator('h1').count(), 1, `h1 elements on the page ${name}`);
  for (const [label, viewport] of [['', WIDE], ['-390', NARROW]]) {
    await page.setViewportSize(viewport);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert(overflow <= 0, `the page ${name} is ${overflow}px too wide at ${viewport.width}px`);
    if (!env.SHOTS) continue;
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(env.SHOTS, `${name}-${colorScheme}${label}.png`), fullPage: true });
    }
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: null });
}

const control = (page, name) => page.getByRole('link', { name, exact: true }).or(page.getByRole('button', { name, exact: true }));
const username = (page) => page.getByLabel('Username', { exact: true });
const password = (page) => page.getByLabel('Password', { exact: true });
const allow = (page) => page.getByRole('button', { name: 'Allow', exact: true });
const deny = (page) => page.getByRole('button', { name: 'Deny', exact: true });

async function start(page) {
  const response = await page.goto(env.RP_URL);
  assert.equal(response.status(), 200, 'the relying party');
  const rp = new URL(env.RP_URL).origin;
  const left = page.waitForRequest((request) => request.isNavigationRequest() && new URL(request.url()).origin !== rp);
  await Promise.all([left, control(page, 'Sign in').first().click()]);
}

async function atSignIn(page) {
  await password(page).waitFor();
  assert.equal(await password(page).getAttribute('type'), 'password', 'the type of the field Password');
  assert.equal(await password(page).getAttribute('autocomplete'), 'current-password', 'the autocomplete of the field Password');
  assert.equal(await username(page).getAttribute('autocomplete'), 'username', 'the autocomplete of the field Username');
  assert.notEqual(new URL(page.url()).origin, new URL(env.RP_URL).origin, 'the password was asked for by the relying party');
}

async function signIn(page, secret = env.PASSWORD) {
  await username(page).fill(env.USERNAME);
  await password(page).fill(secret);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function atSignedIn(page) {
  await page.getByRole('heading', { level: 1, name: env.NAME }).waitFor();
  const url = new URL(page.url());
  assert.equal(url.origin, new URL(env.RP_URL).origin, 'where the person is signed in');
  const text = await page.locator('body').innerText();
  assert(!text.includes(env.PASSWORD), 'the page shows the password');
}

async function signInAndAllow(page) {
  await start(page);
  await atSignIn(page);
  await signIn(page);
  await allow(page).click();
  await atSignedIn(page);
}

const scenarios = {
  'sign in and allow': async (page) => {
    const first = await page.goto(env.RP_URL);
    assert.equal(first.status(), 200, 'the relying party');
    await control(page, 'Sign in').first().waitFor();
    await look(page, 'rp-start');
    await start(page);
    await atSignIn(page);
    await look(page, 'op-sign-in');
    await signIn(page);
    await allow(page).waitFor();
    assert.equal(await deny(page).count(), 1, 'buttons Deny on the consent page');
    await look(page, 'op-consent');
    await allow(page).click();
    await atSignedIn(page);
    assert(await page.locator('li').count() >= 3, 'the signed-in page does not list the steps');
    await look(page, 'rp-signed-in');
    const response = await page.reload();
    assert(response.status() < 500, `reloading the signed-in page answered ${response.status()}`);
  },

  'a wrong password': async (page) => {
    await start(page);
    await atSignIn(page);
    const origin = new URL(page.url()).origin;
    await signIn(page, `${env.PASSWORD}, but wrong`);
    const alert = page.getByRole('alert');
    await alert.waitFor();
    assert((await alert.innerText()).trim(), 'the alert says nothing');
    assert.equal(new URL(page.url()).origin, origin, 'a wrong password left the provider');
    assert(!page.url().includes(encodeURIComponent(env.PASSWORD)), 'the password is in the URL');
    assert.equal(await password(page).inputValue(), '', 'the wrong password was sent back in the form');
    await look(page, 'op-wrong-password');
    // The same page still takes the right one.
    await signIn(page);
    await allow(page).click();
    await atSignedIn(page);
  },

  'a refused consent': async (page) => {
    await start(page);
    await atSignIn(page);
    await signIn(page);
    await deny(page).click();
    await page.getByText('access_denied').first().waitFor();
    assert.equal(new URL(page.url()).origin, new URL(env.RP_URL).origin, 'where the refusal is shown');
    assert(!(await page.locator('h1').innerText()).includes(env.NAME), 'a refused person is greeted by name');
    await look(page, 'rp-refused');
    // Nothing was remembered as allowed: the same session is asked again.
    await start(page);
    await allow(page).waitFor();
  },

  'signing in again with the session': async (page) => {
    await signInAndAllow(page);
    const asked = [];
    page.on('response', (response) => {
      const request = response.request();
      if (request.isNavigationRequest() && request.method() === 'POST') asked.push(request.url());
    });
    await start(page);
    // One press of "Sign in" has to be enough: nothing here answers a page.
    await atSignedIn(page);
    const rp = new URL(env.RP_URL).origin;
    assert.deepEqual(asked.filter((url) => new URL(url).origin !== rp), [], 'forms sent to the provider');
    await look(page, 'rp-signed-in-again');
  },

  'with the keyboard alone': async (page) => {
    const tabTo = async (locator, what) => {
      await locator.waitFor();
      for (let i = 0; i < 30; i += 1) {
        if (await locator.evaluate((element) => element === document.activeElement)) return;
        await page.keyboard.press('Tab');
      }
      assert.fail(`${what} cannot be reached with Tab`);
    };
    await page.goto(env.RP_URL);
    await tabTo(control(page, 'Sign in').first(), 'Sign in');
    await page.keyboard.press('Enter');
    await tabTo(username(page), 'Username');
    await page.keyboard.type(env.USERNAME);
    await tabTo(password(page), 'Password');
    await page.keyboard.type(env.PASSWORD);
    await page.keyboard.press('Enter');
    await tabTo(allow(page), 'Allow');
    await page.keyboard.press('Enter');
    await atSignedIn(page);
  },

  'without scripts': {
    context: { javaScriptEnabled: false },
    run: signInAndAllow,
  },
};

if (env.ONLY && !(env.ONLY in scenarios)) {
  console.error(`FAIL usage: no scenario "${env.ONLY}"; there are: ${Object.keys(scenarios).join(', ')}`);
  process.exit(2);
}

const browser = await chromium.launch({
  executablePath,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--no-proxy-server',
    // The route above does not see where a redirect leads; this holds for every connection.
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'],
});
const plain = (text) => text.replace(/\u001b\[[0-9;]*m/g, '').split('\n').slice(0, 6).join(' ');
let failed = 0;
try {
  for (const [name, scenario] of Object.entries(scenarios)) {
    if (env.ONLY && env.ONLY !== name) continue;
    const run = scenario.run ?? scenario;
    const context = await browser.newContext({ viewport: WIDE, locale: 'en', ...scenario.context });
    context.setDefaultTimeout(TIMEOUT);
    const problems = [];
    await watch(context, problems);
    const page = await context.newPage();
    try {
      await run(page);
      assert.deepEqual(problems, [], problems.join('; '));
      console.log(`ok ${name}`);
    } catch (error) {
      failed += 1;
      const text = await page.locator('body').innerText({ timeout: 2_000 }).catch(() => '');
      console.error(`FAIL ${name}: ${plain(error.message)}`);
      console.error(`     at ${page.url()}: ${text.replace(/\s+/g, ' ').slice(0, 300)}`);
      for (const problem of problems) console.error(`     ${problem}`);
    } finally {
      await context.close();
    }
  }
} finally {
  await browser.close();
}
if (failed > 0) process.exit(1);
console.log('PASS');
