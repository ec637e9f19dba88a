// A button that opens a menu. Keyboard and roles as in the ARIA pattern "menu button"; what can be
// chosen is on the page only while the menu is open.
import { el, new_id } from './dom.js';

// {label, shown: what is on the button, focus, busy, items: [{label, choose}]}
export function menu_button({ label, shown, focus, busy, items }) {
  const list = el('div', { class: 'menu', id: new_id('menu'), role: 'menu', 'aria-label': label, hidden: true });
  const button = el('button', { type: 'button', class: busy ? 'plain busy' : 'plain', 'aria-label': label, title: label, 'aria-haspopup': 'menu',
    'aria-expanded': 'false', 'aria-controls': list.id, 'aria-busy': busy ? 'true' : null, 'data-focus': focus,
    onclick: () => (list.hidden ? open(0) : close()) }, ...shown);
  const box = el('div', { class: 'menu-box' }, button, list);

  function put_away() {
    list.hidden = true;
    list.replaceChildren();
    button.setAttribute('aria-expanded', 'false');
  }

  function close() {
    button.focus();
    put_away();
  }

  // an item stands for its button where what is around them is drawn anew
  const item_node = (item) => el('button', { type: 'button', role: 'menuitem', tabindex: '-1', 'data-focus': focus,
    onclick: () => { close(); item.choose(); } }, item.label);

  function open(index) {
    list.replaceChildren(...items.map(item_node));
    list.hidden = false;
    button.setAttribute('aria-expanded', 'true');
    list.scrollIntoView({ block: 'nearest' });
    list.children[index].focus();
  }

  const last = items.length - 1;

  // Where a key leads to from here; undefined: nowhere.
  function target(key) {
    if (list.hidden) return { ArrowDown: 0, ArrowUp: last }[key];
    const at = [...list.children].indexOf(document.activeElement);
    return { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last, Home: 0, End: last }[key];
  }

  function keys(event) {
    const index = target(event.key);
    if (event.key === 'Tab' && !list.hidden) close(); // and on, from the button
    if (index === undefined && (event.key !== 'Escape' || list.hidden)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') close();
    else if (list.hidden) open(index);
    else list.children[index].focus();
  }

  box.addEventListener('keydown', keys);
  box.addEventListener('mousedown', (event) => event.preventDefault()); // the focus stays until the click
  box.addEventListener('focusout', (event) => { if (!list.hidden && !box.contains(event.relatedTarget)) put_away(); });
  return box;
}
