import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { type ClientOptions, settings } from './settings';

/** @returns an EventBridge client. */
export const eventBridgeClient = (options: ClientOptions = {}) => new EventBridgeClient(settings(options));
