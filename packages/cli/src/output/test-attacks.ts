/** Texts that an API could send to get at a terminal, a log of CI or a reader. Every output is tested with every one. */
export const ATTACKS: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'colour', text: '\x1b[31mred\x1b[0m' },
  { name: 'colour with the 8-bit introducer', text: '\x9b31mred\x9b0m' },
  { name: 'erased screen', text: 'a\x1b[2J\x1b[1;1Hb' },
  { name: 'line above overwritten', text: 'ok\x1b[1A\x1b[2Kfine' },
  { name: 'carriage return over the label', text: 'stuck\rfine ' },
  { name: 'window title', text: '\x1b]0;owned\x07title' },
  { name: 'window title without an end', text: '\x1b]0;owned' },
  { name: 'hyperlink', text: '\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\' },
  { name: 'clipboard', text: '\x1b]52;c;cm0gLXJmIC8=\x07' },
  { name: 'clipboard, 8 bit', text: '\x9d52;c;cm0gLXJmIC8=\x9c' },
  { name: 'device control string', text: '\x1bP$q"p\x1b\\x' },
  { name: 'terminal reset', text: '\x1bc' },
  { name: 'sequence that another one hides', text: '\x1b[3\x1b[0m1mred' },
  { name: 'escape before an escape', text: '\x1b\x1b[31m\x1b' },
  { name: 'bell, backspace, delete, null', text: 'a\x07\b\x7f\0b' },
  {
    name: 'every C1 control',
    text: Array.from({ length: 32 }, (_, index) => String.fromCharCode(0x80 + index)).join(''),
  },
  { name: 'second line', text: 'one\ntwo' },
  { name: 'second line for Windows', text: 'one\r\ntwo' },
  { name: 'line and paragraph separator', text: 'one\u2028two\u2029three\u0085four' },
  { name: 'tab that forges a column', text: 'one\tSucceeded\tAll well' },
  { name: 'form feed and vertical tab', text: 'one\ftwo\vthree' },
  { name: 'bidi override', text: 'user\u202e\u2066txet\u2069\u202c' },
  { name: 'bidi marks', text: 'a\u200eb\u200fc\u061cd' },
  { name: 'zero width', text: 'pay\u200bpal\u200c\u200d\u2060\ufeff' },
  { name: 'tag characters', text: 'x\u{e0069}\u{e0067}\u{e006e}\u{e007f}' },
  { name: 'variation selectors', text: 'x\ufe0f\u{e0100}\u{e01ef}' },
  { name: 'Hangul filler', text: '\u3164\u115f\uffa0' },
  { name: 'annotation marks', text: 'a\ufff9b\ufffac\ufffb' },
  { name: 'half a surrogate pair', text: 'a\ud800b\udc00c' },
  { name: 'piled marks', text: `a${'\u0301'.repeat(50)}` },
  { name: 'GitHub error', text: '::error::all is lost' },
  { name: 'GitHub command on a second line', text: 'x\n::stop-commands::token' },
  { name: 'GitHub command after blanks', text: ' \u00a0\t::add-mask::e' },
  { name: 'GitHub command behind zero width', text: '\u200b::set-output name=a::b' },
  { name: 'old GitHub command', text: 'x ##[error]y' },
  { name: 'old GitHub command with a hash more', text: '###[group]y' },
  { name: 'Azure command', text: 'x##vso[task.setvariable variable=a]b' },
  { name: 'Azure command in capitals, split', text: '#\u200b#VSO[task.complete result=Failed]' },
  { name: 'TeamCity message', text: "##teamcity[buildStatus status='SUCCESS']" },
  { name: 'GitLab section', text: 'section_start:1560896352:x[collapsed=true]\r\x1b[0Kheader' },
  { name: 'CSV formula', text: '=HYPERLINK("https://evil.example","x")' },
  { name: 'CSV formula with plus, minus, at', text: "+cmd|' /C calc'!A0 -1 @SUM(1)" },
  { name: 'Markdown table', text: 'a | b\n| --- | --- |\n| **0 findings** | ok |' },
  { name: 'Markdown link and mention', text: '[x](https://evil.example) @everyone ![](https://evil.example/p.png)' },
  { name: 'Markdown fence', text: '```\n````\n# heading <!-- ' },
  { name: 'HTML', text: '<script>alert(1)</script><img src=x onerror=alert(1)>&amp;' },
  { name: 'end of a script element', text: '</script><script>alert(1)</script><!--' },
  { name: 'XML', text: ']]><failure/>&#0;&lt;"\'' },
  { name: 'Prometheus label', text: 'x"} 1\nup{a="\\' },
  { name: 'Nagios perfdata', text: "x | stuck=0;1;2 'a'=b" },
];

/** What no line of any output may hold, whatever the text was: controls, line ends, bidi, invisible characters, commands. */
export function harmIn(line: string): string | undefined {
  const found = HARM.exec(line);
  return found === null ? undefined : `${JSON.stringify(found[0])} at ${found.index} in ${JSON.stringify(line)}`;
}

const HARM =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]|\p{M}{5}|^\s*::|##(?:vso|teamcity)?\[|section_(?:start|end):/iu;
