/** By how much CodeDeploy's time is compressed in the local cloud of these tests: a minute takes a second. */
export const SPEED = 60;
