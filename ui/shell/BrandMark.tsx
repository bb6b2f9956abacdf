/** Sign and name of the program: two voices that part. */
export function BrandMark() {
  return (
    <>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <path class="one" d="M4 16h6c5 0 5-7 11-7h7" />
        <path class="other" d="M4 16h6c5 0 5 7 11 7h7" />
      </svg>
      <span class="brand-text">Unmingle</span>
    </>
  );
}
