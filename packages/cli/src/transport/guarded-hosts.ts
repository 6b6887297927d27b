import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Addresses at which clouds serve credentials to whoever runs there, and link-local ones: no source is there by intention. */
const GUARDED = new BlockList();
GUARDED.addSubnet('169.254.0.0', 16);
GUARDED.addAddress('100.100.100.200');
GUARDED.addAddress('168.63.129.16');
GUARDED.addAddress('192.0.0.192');
GUARDED.addSubnet('fe80::', 10, 'ipv6');
GUARDED.addAddress('fd00:ec2::254', 'ipv6');
GUARDED.addAddress('fd20:ce::254', 'ipv6');

const GUARDED_NAMES = /^(?:metadata|metadata\.google\.internal|instance-data(?:\.ec2\.internal)?)$/;

/** Thrown by a lookup that leads to a guarded address. */
export const GUARDED_CODE = 'TARDY_GUARDED';

/** Whether requests to a host need `--allow-host`. Takes the `hostname` of a URL. */
export function isGuardedHost(hostname: string, allowed: readonly string[]): boolean {
  const host = plain(hostname);
  return !allowed.some((one) => plain(one) === host) && (GUARDED_NAMES.test(host) || isGuardedAddress(host));
}

/** Looks names up like Node, and refuses those that lead to a guarded address. */
export function guardedLookup(allowed: readonly string[]): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, addresses: string | LookupAddress[], family) => {
      const found = typeof addresses === 'string' ? [addresses] : (addresses ?? []).map(({ address }) => address);
      const refused = found.some(isGuardedAddress) && !allowed.some((one) => plain(one) === plain(hostname));
      if (error === null && refused)
        callback(Object.assign(new Error('guarded address'), { code: GUARDED_CODE }), '', 0);
      else callback(error, addresses, family);
    });
  };
}

function isGuardedAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && GUARDED.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** Without the brackets of IPv6 and the final dot of a name. */
function plain(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$|\.$/g, '');
}
