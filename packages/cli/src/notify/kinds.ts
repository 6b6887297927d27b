import type { TargetKind } from './kind.js';
import { discord } from './targets/discord.js';
import { email } from './targets/email.js';
import { exec } from './targets/exec.js';
import { opsgenie } from './targets/opsgenie.js';
import { pagerduty } from './targets/pagerduty.js';
import { slack } from './targets/slack.js';
import { teams } from './targets/teams.js';
import { webhook } from './targets/webhook.js';

/** Every kind of target, in the order of the documentation. The schema of each checks the config that its `wire` gets. */
export const TARGET_KINDS: readonly TargetKind[] = [slack, teams, discord, email, pagerduty, opsgenie, webhook, exec];
