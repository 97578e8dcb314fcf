import { renderTemplate } from '../../../lib/core/template/render-template';
import type { Template } from '../../../lib/core/template/template';
import { aManifest } from '../../builders';
import { aResource, aTemplate, frozen, options } from './build-template';

const BOUNDARY = 'arn:aws:iam::111122223333:policy/seedbed-boundary';
const render = (template: Template, permissionsBoundary: string | undefined) =>
  renderTemplate(frozen(template), {
    ...options(),
    bucket: 'artifacts',
    manifest: { ...aManifest(), functions: {}, layers: {}, assets: {} },
    permissionsBoundary,
  }).template.Resources;
const role = (properties: object = {}) => aResource('AWS::IAM::Role', { RoleName: 'r', ...properties });

describe('the boundary that roles of stacks must have', () => {
  it('is given to each role and user of the template, and to nothing else', () => {
    const template = aTemplate({
      Role: role(),
      User: aResource('AWS::IAM::User', {}),
      Queue: aResource('AWS::SQS::Queue', {}),
    });
    const { Role, User, Queue } = render(template, BOUNDARY);
    expect(Role!.Properties).toEqual({ RoleName: 'r', PermissionsBoundary: BOUNDARY });
    expect(User!.Properties).toEqual({ PermissionsBoundary: BOUNDARY });
    expect(Queue!.Properties ?? {}).toEqual({});
  });

  it('is given to none where they need none', () => {
    expect(render(aTemplate({ Role: role() }), undefined).Role!.Properties).toEqual({ RoleName: 'r' });
  });

  it('stays as it was written, or computed', () => {
    for (const PermissionsBoundary of [BOUNDARY, { Ref: 'Boundary' }])
      expect(render(aTemplate({ Role: role({ PermissionsBoundary }) }), BOUNDARY).Role!.Properties).toMatchObject({
        PermissionsBoundary,
      });
  });

  it('refuses another one before anything is touched, and says what to do', () => {
    const PermissionsBoundary = 'arn:aws:iam::111122223333:policy/theirs';
    expect(() => render(aTemplate({ Admin: role({ PermissionsBoundary }) }), BOUNDARY)).toThrow(
      expect.objectContaining({
        code: 'BoundaryRefused',
        message: expect.stringMatching(/resource Admin .*policy\/theirs.*seedbed-boundary.*permissionsBoundary/),
      }),
    );
  });
});
