// Walks the pages between an authorization request and the redirect back, as a
// browser without scripts would: it follows redirects, keeps cookies, fills the
// sign-in form and presses the consent button.
//
//   node walk.mjs AUTHORIZATION_URL REDIRECT_URI
//
// with USERNAME, PASSWORD and (optionally) DECISION=allow|deny in the
// environment prints the whole URL that the provider redirected back to.
import { pathToFileURL } from 'node:url';

const MAX_HOPS = 30;
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

export class WalkError extends Error {}

/** Cookies as a browser keeps them for loopback hosts; Secure ones are kept, as Chromium does there. */
export class CookieJar {
  #cookies = new Map();

  store(url, response) {
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const cookie = { name: pair.slice(0, at), value: pair.slice(at + 1), host: url.hostname, path: undefined };
      let gone = false;
      for (const attribute of attributes) {
        const [key, ...rest] = attribute.split('=');
        const value = rest.join('=');
        switch (key.toLowerCase()) {
          case 'path':
            if (value.startsWith('/')) cookie.path = value;
            break;
          case 'max-age':
            gone ||= Number(value) <= 0;
            break;
          case 'expires':
            gone ||= Date.parse(value) <= Date.now();
            break;
          case 'domain':
            if (value.replace(/^\./, '') !== url.hostname) {
              throw new WalkError(`${url} set a cookie for another domain: ${line}`);
            }
            break;
          default:
        }
      }
      cookie.path ??= url.pathname.replace(/\/[^/]*$/, '') || '/';
      const key = `${cookie.host} ${cookie.path} ${cookie.name}`;
      if (gone) this.#cookies.delete(key);
      else this.#cookies.set(key, cookie);
    }
  }

  header(url) {
    return [...this.#cookies.values()]
      .filter(({ host, path }) => host === url.hostname
        && (url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`)))
      .sort((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
}

function decodeEntities(text) {
  return text.replace(/&(#x[0-9a-f]+|#[0-9]+|[a-z]+);/gi, (whole, body) => {
    if (/^#x/i.test(body)) return String.fromCodePoint(parseInt(body.slice(2), 16));
    if (body.startsWith('#')) return String.fromCodePoint(parseInt(body.slice(1), 10));
    return ENTITIES[body.toLowerCase()] ?? whole;
  });
}

function attributesOf(tag) {
  const attributes = {};
  const inside = tag.replace(/^<[a-z0-9]+/i, '').replace(/\/?>$/, '');
  for (const [, name, , double, single, bare] of inside.matchAll(/([^\s=/"'<>]+)(\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
    attributes[name.toLowerCase()] ??= decodeEntities(double ?? single ?? bare ?? '');
  }
  return attributes;
}

/** Every form of a page: its action, method, and controls in document order. */
export function formsOf(html) {
  const page = html.replace(/<!--[\s\S]*?-->/g, '').replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, '');
  return [...page.matchAll(/(<form\b[^>]*>)([\s\S]*?)<\/form>/gi)].map(([, open, body]) => {
    const { action = '', method = 'get' } = attributesOf(open);
    const fields = [];
    const buttons = [];
    for (const [tag, element] of body.matchAll(/<(input|button)\b(?:"[^"]*"|'[^']*'|[^'">])*>/gi)) {
      const attributes = attributesOf(tag);
      const type = (attributes.type ?? (element.toLowerCase() === 'button' ? 'submit' : 'text')).toLowerCase();
      const control = { type, name: attributes.name, value: attributes.value ?? '', checked: 'checked' in attributes };
      if ('disabled' in attributes) continue;
      if (type === 'submit' || type === 'image') buttons.push(control);
      else if (type !== 'button' && type !== 'reset') fields.push(control);
    }
    return { action, method: method.toLowerCase(), fields, buttons };
  });
}

function alertOf(html) {
  const found = html.match(/<([a-z0-9]+)\b[^>]*\brole\s*=\s*["']?alert["']?[^>]*>([\s\S]*?)<\/\1>/i);
  return found && decodeEntities(found[2].replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ').trim();
}

function textOf(html) {
  return decodeEntities(html.replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]+>/g, ' '))
    .replace(/\s+/g, ' ').trim().slice(0, 300);
}

function isLoopback(url) {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\./.test(url.hostname);
}

/**
 * Resolves to `{ callback, pages }`: the URL redirected back to, and the kind
 * of every page that had to be answered on the way ('sign-in' or 'consent').
 */
export async function walk(start, { redirectUri, username, password, decision = 'allow', jar = new CookieJar() }) {
  const pages = [];
  const redirect = new URL(redirectUri);
  const isCallback = (url) => url.origin === redirect.origin && url.pathname === redirect.pathname;
  let request = { url: new URL(start), method: 'GET', body: undefined, origin: undefined };

  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const { url, method, body, origin } = request;
    if (isCallback(url)) {
      if (method !== 'GET') throw new WalkError(`the redirect back to ${redirectUri} kept the method ${method}`);
      return { callback: url, pages };
    }
    if (!isLoopback(url)) throw new WalkError(`refusing to leave this machine: ${url}`);

    const headers = { accept: 'text/html,application/xhtml+xml' };
    const cookies = jar.header(url);
    if (cookies) headers.cookie = cookies;
    if (origin) headers.origin = origin;
    if (body !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
    const response = await fetch(url, { method, headers, body, redirect: 'manual', signal: AbortSignal.timeout(20_000) });
    jar.store(url, response);

    if (response.status >= 300 && response.status < 400) {
      const location = response.headers.get('location');
      await response.arrayBuffer();
      if (!location) throw new WalkError(`${url} answered ${response.status} without a Location`);
      const next = new URL(location, url);
      const keep = method === 'GET' || response.status === 307 || response.status === 308;
      request = keep ? { url: next, method, body, origin } : { url: next, method: 'GET' };
      continue;
    }

    const html = await response.text();
    const contentType = response.headers.get('content-type') ?? '';
    const forms = contentType.startsWith('text/html') ? formsOf(html) : [];
    const asks = (form) => form.fields.some((field) => field.type === 'password');
    const decides = (form) => form.buttons.some((button) => button.name === 'decision');
    const form = forms.find(asks) ?? forms.find(decides) ?? forms.find((one) => one.method === 'post' && one.buttons.length > 0);
    if (!form) {
      throw new WalkError(`${method} ${url} answered ${response.status} with no form to go on with: ${textOf(html)}`);
    }

    const kind = asks(form) ? 'sign-in' : 'consent';
    if (kind === 'sign-in' && pages.includes('sign-in')) {
      throw new WalkError(`the sign-in was refused (${response.status}): ${alertOf(html) ?? textOf(html)}`);
    }
    pages.push(kind);

    const filled = new URLSearchParams();
    for (const field of form.fields) {
      if (!field.name) continue;
      if (field.type === 'password') filled.append(field.name, password);
      else if (['username', 'login', 'email', 'user'].includes(field.name.toLowerCase()) && field.type !== 'hidden') filled.append(field.name, username);
      else if (field.type === 'checkbox' || field.type === 'radio') {
        if (field.checked) filled.append(field.name, field.value || 'on');
      } else filled.append(field.name, field.value);
    }
    const button = form.buttons.find(({ name, value }) => name === 'decision' && value === decision) ?? form.buttons[0];
    if (kind === 'consent' && decision !== 'allow' && button?.value !== decision) {
      throw new WalkError(`the consent page at ${url} has no button for the decision ${decision}`);
    }
    if (button?.name) filled.append(button.name, button.value);

    const action = new URL(form.action || url.href, url);
    if (form.method === 'post') {
      // A page that forbids the referrer has its POSTs sent with a null origin.
      const hidden = /(^|,)\s*no-referrer\s*$/i.test(response.headers.get('referrer-policy') ?? '');
      request = { url: action, method: 'POST', body: filled.toString(), origin: hidden ? 'null' : url.origin };
    } else {
      action.search = filled.toString();
      request = { url: action, method: 'GET' };
    }
  }
  throw new WalkError(`gave up after ${MAX_HOPS} hops; pages answered: ${pages.join(', ') || 'none'}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , start, redirectUri] = process.argv;
  const { USERNAME: username, PASSWORD: password, DECISION: decision = 'allow' } = process.env;
  if (!start || !redirectUri || !username || !password) {
    console.error('usage: USERNAME=… PASSWORD=… [DECISION=allow|deny] node walk.mjs AUTHORIZATION_URL REDIRECT_URI');
    process.exit(2);
  }
  try {
    const { callback } = await walk(start, { redirectUri, username, password, decision });
    console.log(callback.href);
  } catch (error) {
    console.error(`FAIL ${error.message}`);
    process.exit(1);
  }
}
