import { describePace, readPace } from '../../../../lib/cli/commands/local/pace-options';
import { awsPace } from '../../../../lib/local/pace/pace';

it('leaves the pace as it is if none is asked for', () => {
  expect(readPace({ latency: [] })).toBeUndefined();
});

it("reads AWS's pace, with other figures, and none at all", () => {
  expect(readPace({ pace: 'aws', latency: [] })).toEqual(awsPace());
  expect(readPace({ pace: 'aws', latency: ['s3=30', 'stack-operation=0'] })).toEqual({
    ...awsPace(),
    s3: 30,
    'stack-operation': 0,
  });
  expect(readPace({ pace: 'none', latency: [] })).toBeNull();
});

it.each([
  ['gcp', [], '--pace: there is no pace "gcp"; use one of: aws, none'],
  ['awz', [], '--pace: there is no pace "awz"; did you mean "aws"?'],
  [undefined, ['s3=30'], "--latency changes a figure of AWS's pace; add --pace aws"],
  ['none', ['s3=30'], "--latency changes a figure of AWS's pace; add --pace aws"],
  ['aws', ['s3'], '--latency: "s3" is no latency; write it as NAME=MILLISECONDS'],
  ['aws', ['s4=30'], '--latency: there is no latency "s4"; did you mean "s3"?'],
  ['aws', ['s3=fast'], '--latency: "fast" is no time; give s3 in milliseconds, at most 3600000'],
  ['aws', ['s3='], '--latency: "" is no time'],
  ['aws', ['s3=-1'], '--latency: "-1" is no time'],
  ['aws', ['s3=3600001'], '--latency: "3600001" is no time'],
])('refuses --pace %s with the latencies %j', (pace, latency, message) => {
  expect(() => readPace({ pace, latency })).toThrow(message);
});

it("says by what a pace differs from AWS's", () => {
  expect(describePace(awsPace())).toBe("AWS's");
  expect(describePace(awsPace({ s3: 30, others: 0 }))).toBe("AWS's, but s3=30, others=0");
});
