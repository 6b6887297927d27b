import { list, number, object, required, some, text, type Shape } from '../reading/shape.js';

/** An execution. */
export const KESTRA_ROW_SHAPE: Shape = some({
  id: text,
  namespace: text,
  flowId: text,
  flowRevision: number,
  parentId: text,
  scheduleDate: text,
  trigger: object({ id: text, type: text }),
  state: some({
    current: text,
    startDate: text,
    endDate: text,
    histories: list(some({ state: required(text), date: required(text) })),
  }),
});
