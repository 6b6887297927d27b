import * as z from 'zod';
import { defineTarget, secretField } from '../kind.js';
import { groupsOf, omittedWords, subjectOf, type Group, type Item } from '../message.js';

/** Teams refuses messages of more than 28 KB. */
const MOST_BYTES = 24 * 1024;
const MOST_RUNS = 20;

type Config = { readonly url: string };

type TextRun = {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly isSubtle?: true;
  readonly selectAction?: { readonly type: 'Action.OpenUrl'; readonly url: string };
};
type RichTextBlock = {
  readonly type: 'RichTextBlock';
  readonly spacing?: 'Medium' | 'Small';
  readonly inlines: readonly TextRun[];
};

/**
 * Microsoft Teams, by the webhook of a workflow that posts cards. Text runs and not text blocks: only those are free of Markdown, so that
 * no title can forge a link.
 */
export const teams = defineTarget<Config>({
  kind: 'teams',
  title: 'Microsoft Teams',
  sends: 'one Adaptive Card for each check, to the webhook of a workflow',
  twice: 'it is posted again',
  style: 'digest',
  schema: z.strictObject({ url: secretField('URL of the workflow ("When a Teams webhook request is received")') }),
  wire: ({ url }, { message }) => {
    const heading = line([{ type: 'TextRun', text: plain(subjectOf(message)), weight: 'Bolder' }]);
    let body: object = {};
    // Fewer runs until it fits: texts from sources may be long.
    for (let most = MOST_RUNS; most >= 0; most -= 2) {
      body = card([heading, ...groupsOf(message, most).flatMap(blocksOf)]);
      if (Buffer.byteLength(JSON.stringify(body)) <= MOST_BYTES) break;
    }
    return { via: 'http', url, headers: {}, body, repeatable: false, accept: [] };
  },
});

function card(body: readonly RichTextBlock[]): object {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body,
        },
      },
    ],
  };
}

function blocksOf(group: Group): RichTextBlock[] {
  const more = omittedWords(group);
  return [
    line([{ type: 'TextRun', text: group.title, weight: 'Bolder' }], 'Medium'),
    ...group.items.map(blockOf),
    ...(more === undefined ? [] : [line([{ type: 'TextRun', text: more }], 'Small')]),
  ];
}

function blockOf({ title, words, place, url }: Item): RichTextBlock {
  const link =
    url === undefined
      ? {}
      : { selectAction: { type: 'Action.OpenUrl', url: url.replaceAll(/[{}$]/g, encodeURIComponent) } as const };
  return line(
    [
      { type: 'TextRun', text: plain(title), weight: 'Bolder', ...link },
      { type: 'TextRun', text: ` ${plain(words)} ` },
      { type: 'TextRun', text: plain(place), isSubtle: true },
    ],
    'Small',
  );
}

function line(inlines: readonly TextRun[], spacing?: RichTextBlock['spacing']): RichTextBlock {
  return { type: 'RichTextBlock', ...(spacing === undefined ? {} : { spacing }), inlines };
}

/** A card replaces `{{DATE(…)}}` in any text, and templates `${…}`. */
function plain(text: string): string {
  return text.replaceAll(/\{(?=\{)/g, '{\u200b').replaceAll(/\$(?=\{)/g, '$\u200b');
}
