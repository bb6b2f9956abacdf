import { InputError } from '../../engine/core/errors.ts';

/** A preset of this name exists and may not be replaced without the user's consent. */
export class NameTakenError extends InputError {
  readonly takenName: string;

  constructor(takenName: string, message: string) {
    super(message);
    this.takenName = takenName;
  }
}
