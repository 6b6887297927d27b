import type { Environment } from '../descriptor.js';

/** How AWS names its regions. */
export const AWS_REGION = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/;

/** The public endpoint of Step Functions in a region. */
export function endpointOf(region: string): string {
  return `https://states.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** The region that the environment names, as the clients of AWS look for it. */
export function regionIn({ AWS_REGION: region, AWS_DEFAULT_REGION: usual }: Environment): string | undefined {
  return [region, usual].find((one) => one !== undefined && AWS_REGION.test(one));
}

/** The credentials that the environment holds, as one text: the id of the key, the key and, for one that does not last, its session. */
export function credentialsIn(environment: Environment): string | undefined {
  const { AWS_ACCESS_KEY_ID: id = '', AWS_SECRET_ACCESS_KEY: key = '', AWS_SESSION_TOKEN: session = '' } = environment;
  const [given, secret, ofSession] = [id.trim(), key.trim(), session.trim()];
  if (given === '' || secret === '') return undefined;
  return ofSession === '' ? `${given}:${secret}` : `${given}:${secret}:${ofSession}`;
}
