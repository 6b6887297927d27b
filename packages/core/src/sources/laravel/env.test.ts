import { describe, expect, it } from 'vitest';
import { databaseOfEnv } from './env.js';

describe('the database of a .env', () => {
  it.each([
    [
      'DB_CONNECTION=pgsql\nDB_HOST=db.example\nDB_PORT=5433\nDB_DATABASE=app\nDB_USERNAME=shop\nDB_PASSWORD="s3 cret#1" # the password\n',
      { url: 'postgres://shop@db.example:5433/app', password: 's3 cret#1' },
    ],
    ['DB_CONNECTION=mysql\nDB_DATABASE=shop', { url: 'mysql://root@127.0.0.1/shop', password: undefined }],
    [
      "export DB_CONNECTION='mariadb'\r\nDB_PASSWORD=\r\n",
      { url: 'mariadb://root@127.0.0.1/laravel', password: undefined },
    ],
    ['DB_CONNECTION=sqlite\nDB_DATABASE=/srv/app.sqlite', { url: 'sqlite:/srv/app.sqlite', password: undefined }],
    ['APP_NAME=shop', { url: 'sqlite:database/database.sqlite', password: undefined }],
    [
      'NAME=shop\nDB_CONNECTION=pgsql\nDB_DATABASE=${NAME}_live # of the shop\n# DB_HOST=none',
      { url: 'postgres://root@127.0.0.1/shop_live', password: undefined },
    ],
  ])('%j', (text, database) => {
    expect(databaseOfEnv(text)).toEqual(database);
  });

  it('is refused where Tardy cannot read it, and no value is repeated', () => {
    expect(() => databaseOfEnv('DB_CONNECTION=s3cret')).toThrow('DB_CONNECTION in .env is none of pgsql, mysql');
    expect(() => databaseOfEnv('DB_CONNECTION=s3cret')).not.toThrow('s3cret');
  });
});
