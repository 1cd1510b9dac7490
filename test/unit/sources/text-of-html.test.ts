import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textOfHtml } from '../../../shared/sources/mail/text-of-html.ts';

test.each([
  ['plain', 'plain'],
  ['a  b\r\n\tc', 'a b c'],
  ['<p>a</p><p>b</p>', 'a\nb'],
  ['a<br>b<BR/>c', 'a\nb\nc'],
  ['a<b>b</b>c', 'abc'],
  ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>', 'a\tb\nc\td'],
  ['<tr><td><p>a</p><p>b</p></td><td>c</td></tr>', 'a b\tc'],
  ['<tr><td><p>a</p><p>b</p></td><td> </td></tr>', 'a\nb'],
  ['<tr><td></td><td>b</td><td>c</td></tr>', '\tb\tc'],
  ['<tr><td title="a>b" x=\'>\'>c</td></tr>', 'c'],
  ['<head><title>x</title></head>a<script>b("<p>")</script><style>c</style>d', 'ad'],
  ['a<script>never closed', 'a'],
  ['a<!-- b > c -->d<!-- never closed', 'ad'],
  ['<!DOCTYPE html><?xml?>a', 'a'],
  [
    '1 < 2 &lt; 3 &amp;lt; &#52; &#x35; &nbsp;6 &unknown; &#0; &#xd800;',
    '1 < 2 < 3 &lt; 4 5 6 &unknown; \ufffd \ufffd',
  ],
  ['a<', 'a<'],
  ['a<b', 'a'],
  ['<img src="https://evil.example/x.png">a', 'a'],
])('%s', (html, text) => {
  expect(textOfHtml(html)).toBe(text);
});

test('no input makes it slow', () => {
  const started = performance.now();
  for (const piece of ['<', '<a ', '<!--', '<script>', '</', '&', '<td><p>', '"', '<a b="', '\t<\n']) {
    textOfHtml(piece.repeat(100_000));
  }
  expect(performance.now() - started).toBeLessThan(3_000);
});

test('no tag is left, whatever the text', () => {
  const html = fc.string({
    unit: fc.constantFrom('<', '>', '/', 'td', 'p', ' ', '"', '=', '&amp;', '!--', '-->', 'x', '\n'),
  });
  fc.assert(
    fc.property(html, (text) => {
      expect(textOfHtml(text)).not.toMatch(/<\/?(td|p)>/);
    }),
  );
});
