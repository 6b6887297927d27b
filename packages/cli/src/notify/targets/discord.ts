import type { DueReason } from '@tardy/core';
import * as z from 'zod';
import { defineTarget, secretField } from '../kind.js';
import { cut, groupsOf, omittedWords, subjectOf, type Group, type Item } from '../message.js';

/** Discord takes 256 characters in the title of an embed, 4096 in its description, and 6000 in all embeds of a message. */
const LONGEST_TITLE = 256;
const LONGEST_DESCRIPTION = 5_000;
const MOST_RUNS = 20;

type Config = { readonly url: string };

/** Discord, by a webhook. Mentions are switched off, and Markdown in texts is escaped. */
export const discord = defineTarget<Config>({
  kind: 'discord',
  title: 'Discord',
  sends: 'one message for each check, to a webhook',
  twice: 'it is posted again',
  style: 'digest',
  schema: z.strictObject({ url: secretField('URL of the webhook') }),
  wire: ({ url }, { message }) => {
    let left = LONGEST_DESCRIPTION;
    const embeds = groupsOf(message, MOST_RUNS).map((group) => {
      const description = describe(group, Math.min(left, 3_900));
      left -= description.length;
      return { title: cut(group.title, LONGEST_TITLE), description, color: COLORS[group.reason] };
    });
    return {
      via: 'http',
      url,
      headers: {},
      body: { content: cut(escapeMarkdown(subjectOf(message)), 1_900), embeds, allowed_mentions: { parse: [] } },
      repeatable: false,
      accept: [],
    };
  },
});

const COLORS: Readonly<Record<DueReason, number>> = {
  new: 0xc62828,
  worse: 0xc62828,
  reminder: 0xef6c00,
  recovered: 0x2e7d32,
  vanished: 0x757575,
};

/** As many runs as fit. */
function describe(group: Group, most: number): string {
  const lines: string[] = [];
  let length = 0;
  for (const item of group.items) {
    const line = lineOf(item);
    if (length + line.length + 40 > most) break;
    lines.push(line);
    length += line.length + 1;
  }
  const omitted = group.omitted + group.items.length - lines.length;
  const more = omittedWords({ ...group, items: group.items.slice(0, lines.length), omitted });
  return [...lines, ...(more === undefined ? [] : [more])].join('\n');
}

function lineOf({ title, words, place, url }: Item): string {
  const name = `**${escapeMarkdown(title)}**`;
  const linked = url === undefined ? name : `[${name}](<${url.replaceAll(/[()<>[\]\\*_~`|]/g, encode)}>)`;
  return `${linked}\n${escapeMarkdown(words)}\n${escapeMarkdown(place)}`;
}

function encode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Escapes what Discord would format, and the start of mentions, links, emoji and timestamps. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\*_~`|>#[\]()<:@-]/g, (character) => `\\${character}`).replaceAll(/(\d)(?=\.\s)/g, '$1\\');
}
