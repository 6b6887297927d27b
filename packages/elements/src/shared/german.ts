export { de as messages, deSurfaces as surfaces } from '@tardy/core/messages/de';
