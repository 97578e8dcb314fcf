/**
 * What a region of AWS is named like: `eu-central-1`, `us-gov-west-1`, `eusc-de-east-1`. Source: `regionRegex` of the
 * partitions in the SDKs' `partitions.json`.
 */
export const REGION = /^([a-z]{2}|eusc)(-[a-z]+)+-\d+$/;
