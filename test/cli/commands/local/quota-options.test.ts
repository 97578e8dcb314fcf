import { readQuotas } from '../../../../lib/cli/commands/local/quota-options';
import { QuotaSettings } from '../../../../lib/local/quotas/account-quotas';

const of = (...quota: readonly string[]) => readQuotas({ quota });

it('asks for nothing if nothing is given', () => {
  expect(of()).toBeUndefined();
});

it('reads the kind of account', () => {
  expect(readQuotas({ account: 'new', quota: [] })).toEqual({ account: 'new' });
});

it('reads rates and amounts, for all accounts or for one', () => {
  const settings = of('lambda-calls=30', 'states-list-executions=50/1', '444455556666:codebuild-arm-large=2');
  expect(settings).toEqual({
    figures: {
      'lambda-calls': { burst: 30, perSecond: 30 },
      'states-list-executions': { burst: 50, perSecond: 1 },
    },
    accounts: { '444455556666': { 'codebuild-arm-large': 2 } },
  });
  expect(QuotaSettings.parse(settings)).toEqual(settings);
});

it('reads an amount of nothing at all, and the largest figure that is exact', () => {
  const settings = of('codebuild-arm-large=0', 'lambda-variables=9007199254740991');
  expect(settings).toEqual({ figures: { 'codebuild-arm-large': 0, 'lambda-variables': Number.MAX_SAFE_INTEGER } });
});

it.each([
  ['lambda-call=3', '--quota: there is no quota "lambda-call"; did you mean "lambda-calls"?'],
  ['everything=3', '--quota: there is no quota "everything"; docs/quotas.md has their names'],
  [
    'lambda-calls',
    '--quota: "lambda-calls" is no quota; write it as NAME=FIGURE, or ACCOUNT:NAME=FIGURE for one account',
  ],
  ['4444:lambda-calls=1', '--quota: "4444:lambda-calls=1" is no quota; write it as'],
  ['lambda-calls=fast', '--quota: "fast" is no rate; give lambda-calls as calls a second, or as BURST/A_SECOND'],
  ['lambda-calls=1/2/3', '--quota: "1/2/3" is no rate'],
  ['lambda-calls=0', '--quota: with "0" calls of lambda-calls would be refused for ever; give at least 1'],
  ['lambda-calls=5/0', '--quota: with "5/0" calls of lambda-calls would be refused for ever'],
  ['lambda-calls=0/5', '--quota: with "0/5" calls of lambda-calls would be refused for ever'],
  ['lambda-calls=9007199254740992', '--quota: "9007199254740992" is no rate'],
  ['lambda-variables=9007199254740992', '--quota: "9007199254740992" is no figure'],
  ['lambda-variables=-1', '--quota: "-1" is no figure; give lambda-variables as a number'],
  ['lambda-variables=1/2', '--quota: "1/2" is no figure'],
  ['lambda-variables=', '--quota: "" is no figure'],
])('refuses %s', (text, message) => {
  expect(() => of(text)).toThrow(message);
});

it('refuses a kind of account that does not exist', () => {
  expect(() => readQuotas({ account: 'mew', quota: [] })).toThrow(
    '--account: there is no kind of account "mew"; did you mean "new"?',
  );
  expect(() => readQuotas({ account: 'rich', quota: [] })).toThrow('use one of: established, new');
});
