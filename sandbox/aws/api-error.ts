/** An answer other than 2xx: AWS writes `{"__type": CODE, "message": …}`. */
export class ApiError extends Error {
  readonly status: number;
  /** Such as ClusterNotFoundException. */
  readonly code: string;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const invalidParameter = (message: string) => new ApiError('InvalidParameterException', message);

export const rateExceeded = () => new ApiError('ThrottlingException', 'Rate exceeded');
