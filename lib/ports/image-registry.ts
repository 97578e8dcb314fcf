/** Where a build leaves the container images that it has built: a repository of its app alone. */
export interface ImageRegistry {
  /** `<registry>/<repository>`, without a tag or digest. */
  readonly repository: string;
  /**
   * @returns what Docker's configuration has of the registry as `auth`: user and password, as base64, good for some
   *   hours. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
   */
  authorization(): Promise<string>;
}
