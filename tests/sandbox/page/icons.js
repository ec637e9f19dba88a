// Small drawings, 20 x 20, in the colour of the text around them. They say nothing to a screen reader.

const shapes = {
  hash: 'M8 3 6 17M14 3l-2 14M3.5 7.5h13.5M3 12.5h13.5',
  lock: 'M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  close: 'M5 5l10 10M15 5 5 15',
  menu: 'M3 5.5h14M3 10h14M3 14.5h14',
  shop: 'M3 4h2l2 9h8l2-6.5H6M8 16.5h.01M14 16.5h.01',
  thread: 'M4 4h12v9h-6l-4 3.5V13H4z',
  check: 'M4 10.5l4 4L16 6',
  warning: 'M10 3 2.5 16.5h15zM10 8.5v4M10 14.6v.1',
  eye: 'M2 10c2-3.5 5-5 8-5s6 1.5 8 5c-2 3.5-5 5-8 5s-6-1.5-8-5zM10 7.8a2.2 2.2 0 1 0 .01 0',
  send: 'M3 3.5 17.5 10 3 16.5 5 10zM5 10h6',
  help: 'M7.5 7.5a2.5 2.5 0 1 1 3.4 2.3c-.7.3-.9.8-.9 1.7M10 14.6v.1M10 2.5a7.5 7.5 0 1 0 .01 0',
  bolt: 'M11.5 2.5 4.5 11.5h5l-1 6 7-9h-5z',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  down: 'M5.5 8l4.5 4.5L14.5 8',
  link: 'M8 12l4-4M9 6l1.5-1.5a3 3 0 0 1 4.5 4.5L13.5 10.5M11 14l-1.5 1.5A3 3 0 0 1 5 11l1.5-1.5',
  skull: 'M10 3a6 6 0 0 0-4 10.5V16h8v-2.5A6 6 0 0 0 10 3zM7.8 9.5v.1M12.2 9.5v.1M9 16v-1.8M11 16v-1.8',
};

export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const path = document.createElementNS(space, 'path');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', shapes[name]);
  svg.append(path);
  return svg;
}
