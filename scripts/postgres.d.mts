export declare function postgresPrograms(): string | undefined;
export declare function startPostgres(
  programs: string,
  settings?: Readonly<Record<string, string | number>>,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }>;
