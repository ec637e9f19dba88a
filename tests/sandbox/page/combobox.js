// A field to choose from a list by typing: Slack's selects. Keyboard and roles as in the ARIA
// pattern "editable combobox with list autocomplete".
import { el, new_id } from './dom.js';
import { icon } from './icons.js';

const DEBOUNCE_MS = 200;

const has = (choices, value) => choices.some((each) => each.value === value);

// {id, focus, chosen, multiple, most, load(text) -> Promise of [{label, options}] or null when that
// failed, slow: whether load asks the bot, placeholder, described_by, wrong, changed(choices)}
export function combobox(props) {
  let chosen = props.chosen;
  let options = [];
  let active = -1;
  let turn = 0;
  let timer = 0;
  const list_id = new_id('list');
  const list = el('ul', { class: 'options', id: list_id, role: 'listbox', hidden: true, 'aria-label': 'Choices' });
  const field = el('input', { id: props.id, 'data-focus': props.focus, type: 'text', role: 'combobox', autocomplete: 'off',
    'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list_id, 'aria-describedby': props.described_by,
    'aria-invalid': props.wrong ? 'true' : null, placeholder: props.placeholder });
  const tags = el('span', { class: 'tags' });
  const box = el('div', { class: 'combobox' }, tags, field, icon('down'), list);

  function rest() {
    field.value = props.multiple ? '' : chosen[0]?.label ?? '';
    tags.replaceChildren(...(props.multiple ? chosen : []).map((each) => el('button', { type: 'button', class: 'tag',
      'aria-label': `Remove ${each.label}`, onclick: () => set(chosen.filter((other) => other !== each)) }, each.label, ' ×')));
  }

  function set(choices) {
    chosen = choices;
    rest();
    props.changed(choices);
  }

  function close() {
    turn++;
    clearTimeout(timer);
    list.hidden = true;
    active = -1;
    field.setAttribute('aria-expanded', 'false');
    field.removeAttribute('aria-activedescendant');
  }

  function choose(option) {
    close();
    const one = { value: option.value, label: option.label };
    if (!props.multiple) set([one]);
    else if (has(chosen, option.value)) set(chosen.filter((each) => each.value !== option.value));
    else if (chosen.length < (props.most ?? Infinity)) set([...chosen, one]);
  }

  function mark(index) {
    active = index;
    options.forEach(({ node }, i) => node.classList.toggle('active', i === active));
    if (active < 0) field.removeAttribute('aria-activedescendant');
    else field.setAttribute('aria-activedescendant', options[active].node.id);
    options[active]?.node.scrollIntoView({ block: 'nearest' });
  }

  function option_node(option) {
    const node = el('li', { id: new_id('option'), role: 'option', 'aria-selected': String(has(chosen, option.value)),
      onmousedown: (event) => { event.preventDefault(); choose(option); } },
    option.label, option.description ? el('small', {}, option.description) : null);
    options.push({ option, node });
    return node;
  }

  function say(text, kind = '') {
    options = [];
    list.replaceChildren(el('li', { class: `note ${kind}`, role: 'option', 'aria-disabled': 'true' }, text));
  }

  function open() {
    list.hidden = false;
    field.setAttribute('aria-expanded', 'true');
    list.scrollIntoView({ block: 'nearest' });
  }

  async function load() {
    const mine = ++turn;
    const typed = field.value === chosen[0]?.label ? '' : field.value;
    if (props.slow) say('Loading…', 'loading');
    open();
    const groups = await props.load(typed);
    if (mine !== turn) return;
    options = [];
    if (groups === null) say('We had some trouble connecting. Try again?', 'wrong');
    else if (groups.every((group) => group.options.length === 0)) say(props.empty?.(typed) ?? 'No results');
    else list.replaceChildren(...groups.flatMap((group) => [
      group.label ? el('li', { class: 'group', role: 'presentation' }, group.label) : null,
      ...group.options.map(option_node)]).filter((node) => node !== null));
    mark(options.length > 0 && typed !== '' ? 0 : -1);
    open();
  }

  field.addEventListener('input', () => {
    clearTimeout(timer);
    if (field.value === '' && !props.multiple && chosen.length > 0) {
      chosen = [];
      props.changed(chosen);
    }
    timer = setTimeout(load, props.slow ? DEBOUNCE_MS : 0);
  });
  field.addEventListener('click', () => { if (list.hidden) load(); });
  field.addEventListener('focus', () => field.select());
  field.addEventListener('blur', () => { close(); rest(); });
  field.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) load();
    else if (step && options.length > 0) mark((active + step + options.length) % options.length);
    else if (event.key === 'Enter' && !list.hidden && active >= 0) choose(options[active].option);
    else if (event.key === 'Enter' && !list.hidden) close();
    else if (event.key === 'Escape' && !list.hidden) { close(); rest(); }
    else if (event.key === 'Backspace' && props.multiple && field.value === '' && chosen.length > 0) return set(chosen.slice(0, -1));
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  rest();
  return box;
}
