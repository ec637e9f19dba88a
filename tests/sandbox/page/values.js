// What stands in an element, as a list of choices {value, label}: one for a text, none when empty.

const choice = (value, label = value) => ({ value: String(value), label: String(label) });
const option = (each) => choice(each.value, each.text.text);

export const is_multiple = (element) => element.type.startsWith('multi_') || element.type === 'checkboxes';

// Of an element as the bot sent it.
export function initial_of(element) {
  if (element.initial_option) return [option(element.initial_option)];
  if (element.initial_options) return element.initial_options.map(option);
  for (const key of ['initial_users', 'initial_conversations', 'initial_channels'])
    if (element[key]) return element[key].map((id) => choice(id));
  for (const key of ['initial_value', 'initial_date', 'initial_time', 'initial_date_time', 'initial_user', 'initial_conversation', 'initial_channel'])
    if (element[key] !== undefined) return [choice(element[key])];
  return [];
}

// Of view.state.values[block_id][action_id].
export function from_state(state) {
  if (!state) return [];
  const value = Object.entries(state).find(([key]) => key !== 'type')?.[1];
  const one = (each) => (typeof each === 'object' ? option(each) : choice(each));
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value.map(one) : [one(value)];
}

// As the sandbox takes it.
export const to_wire = (element, choices) =>
  is_multiple(element) ? choices.map((each) => each.value) : choices[0]?.value ?? '';

export const group_options = (element) => element.option_groups
  ? element.option_groups.map((group) => ({ label: group.label.text, options: group.options.map(described) }))
  : [{ label: '', options: (element.options ?? []).map(described) }];

export const described = (each) => ({ ...option(each), description: each.description?.text });
