import { describe, expect, it } from 'vitest';
import { fakeIo } from '../test-io.js';
import { clusterAccess } from './kubeconfig.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');

const KUBECONFIG = `
apiVersion: v1
kind: Config
current-context: prod
clusters:
  - name: prod
    cluster: { server: 'https://prod.example:6443', certificate-authority-data: ${base64('CA of prod')} }
  - name: lax
    cluster: { server: 'https://lax.example', insecure-skip-tls-verify: true }
  - name: lost
    cluster: { server: 'https://lost.example', certificate-authority: ca/lost.pem }
contexts:
  - { name: prod, context: { cluster: prod, user: robot, namespace: billing } }
  - { name: cert, context: { cluster: prod, user: ana } }
  - { name: file, context: { cluster: prod, user: filed } }
  - { name: cloud, context: { cluster: prod, user: cloud } }
  - { name: nobody, context: { cluster: prod, user: gone } }
  - { name: open, context: { cluster: prod } }
  - { name: lax, context: { cluster: lax, user: robot } }
  - { name: lost, context: { cluster: lost, user: robot } }
users:
  - { name: robot, user: { token: s3cret } }
  - { name: ana, user: { client-certificate: ana.pem, client-key-data: ${base64('KEY of ana')} } }
  - { name: filed, user: { tokenFile: /run/token } }
  - { name: cloud, user: { exec: { command: aws, args: [eks, get-token] } } }
`;

const files = {
  '/home/ana/.kube/config': KUBECONFIG,
  '/home/ana/.kube/ana.pem': 'CERTIFICATE of ana',
  '/run/token': 'from-file\n',
};
const access = (context: string, world: Parameters<typeof fakeIo>[0] = { files, env: { HOME: '/home/ana' } }) =>
  clusterAccess(fakeIo(world).io, context);

describe('the access that a kubeconfig gives', () => {
  it('is that of the current context, with its namespace', async () => {
    const expected = { url: 'https://prod.example:6443', namespace: 'billing', ca: 'CA of prod', token: 's3cret' };
    expect(await access('')).toMatchObject(expected);
    expect(await access('prod')).toMatchObject(expected);
  });

  it.each([
    ['cert', { token: undefined, clientCertificate: { certificate: 'CERTIFICATE of ana', key: 'KEY of ana' } }],
    ['file', { token: 'from-file', clientCertificate: undefined }],
    ['open', { token: undefined, clientCertificate: undefined }],
  ])('for the context %s is %j', async (context, expected) => {
    expect(await access(context)).toMatchObject({ ...expected, namespace: undefined });
  });

  it.each([
    ['cloud', 'The context cloud signs in with an external program, which tardy does not run.'],
    ['lax', 'The context lax does not verify TLS, which tardy always does.'],
    ['lost', 'The kubeconfig refers to the file /home/ana/.kube/ca/lost.pem, which does not exist.'],
    ['nobody', 'The kubeconfig has no user "gone".'],
    ['staging', 'The kubeconfig has no context "staging".'],
  ])('is refused for the context %s, saying why', async (context, message) => {
    await expect(access(context)).rejects.toThrow(message);
    await expect(access(context)).rejects.not.toThrow(/s3cret/);
  });

  it('comes from the first file of KUBECONFIG that has it', async () => {
    const two = { '/project/app/one': 'current-context: prod\n', '/two': KUBECONFIG };
    const found = await access('', { files: two, env: { KUBECONFIG: 'one:/two:/three', HOME: '/home/ana' } });
    expect(found.token).toBe('s3cret');
  });

  it('is reported as missing', async () => {
    await expect(access('', { files: {}, env: {} })).rejects.toThrow('There is no kubeconfig');
    await expect(access('', { files: { '/c': '{}' }, env: { KUBECONFIG: '/c' } })).rejects.toThrow(
      'no current context',
    );
  });
});

describe('the access of a pod', () => {
  const folder = '/var/run/secrets/kubernetes.io/serviceaccount';
  const pod = { [`${folder}/token`]: 'pod-token\n', [`${folder}/ca.crt`]: 'CA of the pod' };

  it.each([
    ['10.96.0.1', 'https://10.96.0.1:6443'],
    ['fd00::1', 'https://[fd00::1]:6443'],
  ])('is that of its service account, at %s', async (host, url) => {
    const env = { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: '6443' };
    expect(await access('', { files: pod, env })).toEqual({
      url,
      namespace: undefined,
      token: 'pod-token',
      ca: 'CA of the pod',
      clientCertificate: undefined,
    });
  });

  it('is not used for a named context, nor without a token', async () => {
    const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1' };
    await expect(access('prod', { files: pod, env })).rejects.toThrow('There is no kubeconfig');
    await expect(access('', { files: {}, env })).rejects.toThrow('There is no kubeconfig');
  });
});
