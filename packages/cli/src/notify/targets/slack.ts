import type { HeaderBlock, RichTextBlock, RichTextSection } from '@slack/types';
import * as z from 'zod';
import { defineTarget, secretField } from '../kind.js';
import { cut, groupsOf, omittedWords, subjectOf, type Item } from '../message.js';

/** Slack takes 50 blocks in a message and 150 characters in a header. */
const MOST_RUNS = 20;
const LONGEST_HEADER = 150;

type Config = { readonly url: string };

type Element = RichTextSection['elements'][number];

/**
 * Slack, by an incoming webhook. Rich text and not mrkdwn: its elements are taken as they are, so that no title can mention a channel, forge
 * a link or format what follows.
 */
export const slack = defineTarget<Config>({
  kind: 'slack',
  title: 'Slack',
  sends: 'one message for each check, to an incoming webhook (Block Kit)',
  twice: 'it is posted again',
  style: 'digest',
  schema: z.strictObject({ url: secretField('URL of the incoming webhook') }),
  wire: ({ url }, { message }) => {
    const subject = subjectOf(message);
    const header: HeaderBlock = {
      type: 'header',
      text: { type: 'plain_text', text: cut(subject, LONGEST_HEADER), emoji: false },
    };
    const blocks = groupsOf(message, MOST_RUNS).map((group): RichTextBlock => {
      const more = omittedWords(group);
      return {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_section', elements: [{ type: 'text', text: group.title, style: { bold: true } }] },
          {
            type: 'rich_text_list',
            style: 'bullet',
            elements: [...group.items.map(sectionOf), ...(more === undefined ? [] : [section([text(more)])])],
          },
        ],
      };
    });
    return {
      via: 'http',
      url,
      headers: {},
      body: {
        // Shown in notifications, where it is read as mrkdwn.
        text: escapeMrkdwn(subject),
        blocks: [header, ...blocks],
        unfurl_links: false,
        unfurl_media: false,
      },
      repeatable: false,
      accept: [],
    };
  },
});

function sectionOf({ title, words, place, url }: Item): RichTextSection {
  const name: Element =
    url === undefined ? { type: 'text', text: title, style: { bold: true } } : { type: 'link', url, text: title };
  return section([name, text(`\n${words}\n${place}`)]);
}

function section(elements: Element[]): RichTextSection {
  return { type: 'rich_text_section', elements };
}

function text(content: string): Element {
  return { type: 'text', text: content };
}

/** The three characters that Slack asks to be escaped: without them there is no mention and no link. */
function escapeMrkdwn(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
