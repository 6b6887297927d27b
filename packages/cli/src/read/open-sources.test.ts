import { describe, expect, it } from 'vitest';
import { runProgram } from '../program.js';
import { fakeIo } from '../test-io.js';

const KUBECONFIG = JSON.stringify({
  'current-context': 'prod',
  clusters: [{ name: 'c', cluster: { server: 'https://prod.example:6443', 'certificate-authority': 'ca.pem' } }],
  contexts: [
    { name: 'prod', context: { cluster: 'c', user: 'robot', namespace: 'billing' } },
    { name: 'ana', context: { cluster: 'c', user: 'ana' } },
  ],
  users: [
    { name: 'robot', user: { token: 's3cret' } },
    { name: 'ana', user: { 'client-certificate': 'ana.pem', 'client-key': 'ana.key' } },
  ],
});

const LIST = { metadata: {}, items: [] };

async function check(source: string, files: Readonly<Record<string, string>> = {}, flags: readonly string[] = []) {
  const world = fakeIo({
    env: { KUBECONFIG: '/k/config', KUBERNETES_TOKEN: 'of the environment' },
    files: { '/k/config': KUBECONFIG, '/k/ca.pem': 'CA', '/k/ana.pem': 'CERTIFICATE', '/k/ana.key': 'KEY', ...files },
    responses: {
      '/apis/batch/v1/jobs': LIST,
      '/apis/batch/v1/namespaces/billing/jobs': LIST,
      '/apis/argoproj.io/v1alpha1/namespaces/billing/workflows': LIST,
    },
  });
  const code = await runProgram(world.io, ['check', source, ...flags]);
  return { code, connection: world.connections[0] };
}

describe('a source that a kubeconfig leads to', () => {
  it.each(['kubernetes:', 'kubernetes:prod', 'argo:', 'argo:prod'])(
    '%s is reached as its context says, in the namespace that it names',
    async (source) => {
      const { code, connection } = await check(source);
      expect(code).toBe(0);
      expect(connection).toMatchObject({
        baseUrl: 'https://prod.example:6443/',
        credentials: { authorization: 'Bearer s3cret' },
        ca: 'CA',
        clientCertificate: undefined,
      });
    },
  );

  it('is shown the certificate of the user, and no token of the environment', async () => {
    const { code, connection } = await check('kubernetes:ana');
    expect(code).toBe(0);
    expect(connection?.clientCertificate).toEqual({ certificate: 'CERTIFICATE', key: 'KEY' });
    expect(connection?.credentials).toEqual({});
  });

  it('may stand in a config', async () => {
    const config = 'version: 1\nsources: { cluster: "kubernetes:prod" }\n';
    const { code, connection } = await check('cluster', { '/project/app/tardy.config.yaml': config });
    expect(code).toBe(0);
    expect(connection?.credentials).toEqual({ authorization: 'Bearer s3cret' });
  });

  it('trusts what the command line adds as well', async () => {
    const pem = '-----BEGIN CERTIFICATE-----';
    const { connection } = await check('kubernetes:prod', { '/project/app/own.pem': pem }, ['--ca', 'own.pem']);
    expect(connection?.ca).toBe(`${pem}\nCA`);
  });

  it.each([
    ['kubernetes:staging', 'The kubeconfig has no context "staging".'],
    ['kubernetes:ftp://prod.example', 'Only http and https URLs are supported.'],
  ])('%s is refused, saying why', async (source, message) => {
    await expect(check(source)).rejects.toThrow(message);
  });
});

it('a cluster named by its URL gets the token of the environment', async () => {
  const { connection } = await check('kubernetes:https://prod.example:6443');
  expect(connection).toMatchObject({ credentials: { authorization: 'Bearer of the environment' }, ca: undefined });
});

describe('a source whose requests are signed', () => {
  const env = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secretkey\n', AWS_SESSION_TOKEN: 'session' };

  async function read(source: string, config: string | undefined, more: Readonly<Record<string, string>> = {}) {
    const world = fakeIo({
      env: { ...env, ...more },
      files: config === undefined ? {} : { '/project/app/tardy.config.yaml': config },
      responses: { '/': { stateMachines: [] } },
    });
    const code = await runProgram(world.io, ['check', source]);
    return { code, connection: world.connections[0] };
  }

  it('gets its keys from the environment, and none of them as a header', async () => {
    const { code, connection } = await read('stepfunctions:eu-central-1', undefined);
    expect(code).toBe(0);
    expect(connection).toMatchObject({
      baseUrl: 'https://states.eu-central-1.amazonaws.com/',
      credentials: {},
      secrets: ['AKID:secretkey:session', 'secretkey', 'session'],
    });
    const request = { method: 'POST', url: 'https://states.eu-central-1.amazonaws.com/', headers: {}, body: '{}' };
    expect(await connection?.signer?.(request, 1_795_867_200_000)).toMatchObject({ 'x-amz-security-token': 'session' });
  });

  const config = 'version: 1\nsources: { aws: { kind: stepfunctions, region: eu-central-1 } }\n';

  it('gets them in a config too, for the endpoint of its region', async () => {
    const { code, connection } = await read('aws', config, { AWS_REGION: 'eu-central-1' });
    expect([code, connection?.signer === undefined]).toEqual([0, false]);
  });

  it('sends them nowhere else because of a config that was found', async () => {
    await expect(read('aws', config, { AWS_REGION: 'us-east-1' })).rejects.toThrow(
      'sources.aws.token would send AWS_ACCESS_KEY_ID to https://states.eu-central-1.amazonaws.com',
    );
  });

  it('is not signed without them', async () => {
    const { connection } = await read('stepfunctions:eu-central-1', undefined, { AWS_SECRET_ACCESS_KEY: '' });
    expect(connection?.signer).toBeUndefined();
  });
});
