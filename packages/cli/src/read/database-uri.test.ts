import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { runProgram } from '../program.js';
import { fakeIo } from '../test-io.js';
import { withPreset } from './database-uri.js';

describe('--preset', () => {
  it('says what the databases among the sources hold', () => {
    expect(withPreset(['postgres://h/db', 'github:o/r'], 'pg-boss')).toEqual(['pg-boss:postgres://h/db', 'github:o/r']);
    expect(withPreset(['${env:DATABASE_URL}'], 'pg-boss')).toEqual(['pg-boss:${env:DATABASE_URL}']);
    expect(withPreset(['postgres://h/db'], undefined)).toEqual(['postgres://h/db']);
  });

  it.each([
    [['postgres://h/db'], 'pgboss', 'There is no preset "pgboss".'],
    [['github:o/r'], 'pg-boss', '--preset is for a database.'],
  ])('with %j and %s is refused', (targets, preset, message) => {
    expect(() => withPreset(targets, preset)).toThrow(message);
  });
});

const SOURCE = 'kind: pg-boss, url: "postgres://reader@db.example/app"';

describe('the password of a database', () => {
  const connections = async (argv: readonly string[], env: Record<string, string> = {}, config?: string) => {
    const world = fakeIo({
      env,
      files: config === undefined ? {} : { '/project/app/tardy.config.yaml': config, '/project/app/.git/HEAD': '' },
      responses: {},
    });
    try {
      const code = await runProgram(world.io, ['check', ...argv]);
      return { code, world, printed: world.printed.out + world.printed.err };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return { code: 2, world, printed: `${error.message}\n${error.hint ?? ''}` };
    }
  };

  it('comes from a URL that is given by reference, and is kept out of everything', async () => {
    const { world, printed } = await connections(['pg-boss:${env:DATABASE_URL}'], {
      DATABASE_URL: 'postgres://me:hunt%40r2@db.example/app',
    });
    expect(world.connections).toMatchObject([
      { baseUrl: 'postgres://me@db.example/app', credentials: { password: 'hunt@r2' }, secrets: ['hunt@r2'] },
    ]);
    expect(printed).not.toContain('r2');
  });

  it('comes from a config by reference', async () => {
    const config = `sources: { app: { ${SOURCE}, password: "\${env:DB_PASSWORD}" } }`;
    const { world } = await connections(['--config', 'tardy.config.yaml'], { DB_PASSWORD: 'hunter2' }, config);
    expect(world.connections).toMatchObject([{ credentials: { password: 'hunter2' }, confinedTo: undefined }]);
  });

  it.each([
    ['postgres://me:hunter2@db.example/app', 'A password in a URL is refused'],
    ['pg-boss:postgres://me:hunter2@db.example/app', 'A password in a URL is refused'],
  ])('is refused in %s, and not repeated', async (source, message) => {
    const { code, printed } = await connections([source]);
    expect(code).toBe(2);
    expect(printed).toContain(message);
    expect(printed).not.toContain('hunter2');
  });

  it('is sent to no other host by a config that was found', async () => {
    const config = `sources: { app: { ${SOURCE}, password: "\${env:DB_PASSWORD}" } }`;
    const { code, printed, world } = await connections([], { DB_PASSWORD: 'hunter2' }, config);
    expect(code).toBe(2);
    expect(printed).toContain('would send DB_PASSWORD to postgres://db.example');
    expect(world.connections).toEqual([]);
  });

  it.each([
    [
      'sources: { app: { kind: sql, url: "postgres://db.example/app", table: t, fields: { id: a, type: b, status: c } } }',
    ],
    [`sources: { app: { ${SOURCE}, tenant: "pg_read_file('/etc/passwd')" } }`],
  ])('a config that was found holds no SQL: %s', async (config) => {
    const found = await connections([], {}, config);
    expect(found.code).toBe(2);
    expect(found.printed).toContain('contains SQL, which only a config named with --config may do');
    expect((await connections(['--config', 'tardy.config.yaml'], {}, config)).world.connections).toHaveLength(1);
  });

  it('of a config that was found says so to the connection', async () => {
    const { world } = await connections([], {}, `sources: { app: { ${SOURCE} } }`);
    expect(world.connections).toMatchObject([{ confinedTo: '/project/app' }]);
  });
});
