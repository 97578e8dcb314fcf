/** How a configuration moves traffic, as the API reference has it. */
export interface TrafficRouting {
  readonly type: 'AllAtOnce' | 'TimeBasedCanary' | 'TimeBasedLinear';
  readonly timeBasedCanary?: { readonly canaryPercentage: number; readonly canaryInterval: number };
  readonly timeBasedLinear?: { readonly linearPercentage: number; readonly linearInterval: number };
}

/** `waitMinutes` after the previous step, `percent` of the traffic goes to the new version. */
export interface TrafficStep {
  readonly waitMinutes: number;
  readonly percent: number;
}

/** @returns the steps in which traffic moves; the last moves all of it. */
export function trafficSteps({ timeBasedCanary, timeBasedLinear }: TrafficRouting): readonly TrafficStep[] {
  if (timeBasedCanary) {
    const { canaryPercentage: percent, canaryInterval: waitMinutes } = timeBasedCanary;
    return [
      { waitMinutes: 0, percent },
      { waitMinutes, percent: 100 },
    ];
  }
  if (timeBasedLinear) {
    const { linearPercentage, linearInterval } = timeBasedLinear;
    return Array.from({ length: Math.ceil(100 / linearPercentage) }, (_, index) => ({
      waitMinutes: index === 0 ? 0 : linearInterval,
      percent: Math.min(100, (index + 1) * linearPercentage),
    }));
  }
  return [{ waitMinutes: 0, percent: 100 }];
}
