import { columnsOf, fitEndToWidth, fitToWidth, padToWidth, textWidth } from '../../../lib/cli/show/text-width';

it.each([
  ['main', 4],
  ['', 0],
  ['機能/検索', 9],
  ['ｶﾅ', 2],
  ['gro\u0308ße', 5],
  ['q\u0323\u0307', 1],
  ['✔ done', 6],
  ['🚀 launch', 9],
  ['👩‍👩‍👧 family', 9],
  ['🇩🇪', 2],
])('%j takes %d columns', (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});

it.each([
  ['機能/検索', '機能/検索   |'],
  ['gro\u0308ße', 'gro\u0308ße       |'],
  ['longer than it may be', 'longer than it may be|'],
])('%j is padded by columns, not by characters', (text, padded) => {
  expect(`${padToWidth(text, 12)}|`).toBe(padded);
});

it.each([
  ['機能/検索', 9, '機能/検索'],
  ['機能/検索', 8, '機能/検…'],
  // Half of a character cannot be shown.
  ['機能/検索', 7, '機能/…'],
  ['gro\u0308ße', 4, 'gro\u0308…'],
  ['👩‍👩‍👧 family', 4, '👩‍👩‍👧 …'],
  ['main', 0, '…'],
  ['機能/検索', undefined, '機能/検索'],
])('%j in %p columns is %j', (text, columns, fitting) => {
  expect(fitToWidth(text, columns)).toBe(fitting);
});

it.each([
  ['services/orders', 7, '…orders'],
  ['機能/検索', 6, '…/検索'],
  ['機能/検索', 5, '…検索'],
  ['gro\u0308ße', 4, '…o\u0308ße'],
  ['main', 4, 'main'],
  ['services/orders', undefined, 'services/orders'],
])('the end of %j in %p columns is %j', (text, columns, fitting) => {
  expect(fitEndToWidth(text, columns)).toBe(fitting);
});

it.each([
  [{}, undefined],
  [{ columns: 0 }, undefined],
  [{ columns: 80 }, 80],
])('%j takes %p columns', (stream, columns) => expect(columnsOf(stream)).toBe(columns));
