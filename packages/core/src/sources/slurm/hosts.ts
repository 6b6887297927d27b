/** How many nodes a list may name; beyond that it is not expanded. */
const MOST_HOSTS = 10_000;

/** The names in a list of nodes as Slurm writes it (`login,d[001-032,40],rack[1-2]n[1-9]`); empty if it cannot be read. */
export function hostsIn(text: string): readonly string[] {
  const names: string[] = [];
  for (const item of splitOutside(text)) {
    const expanded = expand(item, MOST_HOSTS - names.length);
    if (expanded === undefined) return [];
    names.push(...expanded);
  }
  return names;
}

/** Splits at the commas that are not within brackets. */
function splitOutside(text: string): readonly string[] {
  const items: string[] = [];
  let item = '';
  let depth = 0;
  for (const character of text) {
    if (character === '[') depth++;
    if (character === ']') depth--;
    if (character === ',' && depth === 0) {
      items.push(item);
      item = '';
    } else item += character;
  }
  return [...items, item].map((one) => one.trim()).filter((one) => one !== '');
}

function expand(item: string, room: number): readonly string[] | undefined {
  const open = item.indexOf('[');
  if (open === -1) return item.includes(']') || room < 1 ? undefined : [item];
  const close = item.indexOf(']', open);
  if (close === -1) return undefined;
  const numbers = numbersIn(item.slice(open + 1, close), room);
  const rest = expand(item.slice(close + 1), room);
  if (numbers === undefined || rest === undefined || numbers.length * rest.length > room) return undefined;
  return numbers.flatMap((number) => rest.map((end) => `${item.slice(0, open)}${number}${end}`));
}

/** `001-003,7` as texts with their leading zeros. */
function numbersIn(text: string, room: number): readonly string[] | undefined {
  const numbers: string[] = [];
  for (const part of text.split(',')) {
    const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? [];
    if (first === undefined || last === undefined) return undefined;
    const count = Number(last) - Number(first) + 1;
    if (count < 1 || numbers.length + count > room) return undefined;
    for (let number = Number(first); number <= Number(last); number++) {
      numbers.push(String(number).padStart(first.length, '0'));
    }
  }
  return numbers;
}
