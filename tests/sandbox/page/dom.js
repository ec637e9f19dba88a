// Building the page's nodes. Everything that people or the bot wrote goes in as text, never as HTML.

export const by_id = (id) => document.getElementById(id);

// el('button', {class, onclick, disabled: true, 'aria-label': ...}, 'text', node, null)
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (key === 'class') node.className = value;
    else if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (typeof value === 'boolean' && !key.startsWith('aria-')) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// Draw ${node} anew only when ${key} (any JSON) is not what it was drawn from last.
export function redraw(node, key, draw) {
  const text = JSON.stringify(key);
  if (node.drawn_from === text) return false;
  node.drawn_from = text;
  node.replaceChildren(...draw());
  return true;
}

let last_id = 0;
export const new_id = (prefix) => `${prefix}-${++last_id}`;

export const safe_url = (url) => /^(https?:|mailto:)/i.test(url);

export const link = (url, label) => el('a', { href: url, target: '_blank', rel: 'noreferrer' }, label);

// Run ${draw}, which may replace what is in ${box}; what had the focus there has it again afterwards,
// when it carries data-focus and is still there.
export function keep_focus(box, draw) {
  const active = document.activeElement;
  const name = box.contains(active) ? active.dataset.focus : undefined;
  const selection = name !== undefined && 'selectionStart' in active ? [active.selectionStart, active.selectionEnd] : null;
  draw();
  if (name === undefined || document.activeElement === active) return;
  const again = [...box.querySelectorAll('[data-focus]')].find((node) => node.dataset.focus === name);
  again?.focus({ preventScroll: true });
  if (again && selection && selection[0] !== null && again.setSelectionRange) again.setSelectionRange(...selection);
}
