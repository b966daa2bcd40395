package io.rephrase.reward.math;

/** A complex double; principal branches everywhere. */
record Complex(double re, double im) {

  static final Complex NAN = new Complex(Double.NaN, Double.NaN);
  static final Complex I = new Complex(0, 1);
  static final Complex ONE = new Complex(1, 0);

  static Complex real(double value) {
    return new Complex(value, 0);
  }

  boolean isFinite() {
    return Double.isFinite(re) && Double.isFinite(im);
  }

  boolean isReal() {
    return Math.abs(im) <= 1e-12 * Math.max(Math.abs(re), 1e-300) || im == 0;
  }

  double abs() {
    return Math.hypot(re, im);
  }

  Complex plus(Complex o) {
    return new Complex(re + o.re, im + o.im);
  }

  Complex minus(Complex o) {
    return new Complex(re - o.re, im - o.im);
  }

  Complex times(Complex o) {
    if (im == 0 && o.im == 0) {
      return real(re * o.re);
    }
    return new Complex(re * o.re - im * o.im, re * o.im + im * o.re);
  }

  Complex dividedBy(Complex o) {
    if (o.im == 0) {
      return o.re == 0 ? NAN : new Complex(re / o.re, im / o.re);
    }
    double square = o.re * o.re + o.im * o.im;
    return new Complex((re * o.re + im * o.im) / square, (im * o.re - re * o.im) / square);
  }

  Complex exp() {
    double scale = Math.exp(re);
    return im == 0 ? real(scale) : new Complex(scale * Math.cos(im), scale * Math.sin(im));
  }

  Complex log() {
    if (abs() == 0) {
      return NAN;
    }
    return new Complex(Math.log(abs()), im == 0 ? re < 0 ? Math.PI : 0 : Math.atan2(im, re));
  }

  Complex pow(Complex exponent) {
    if (exponent.im == 0 && im == 0 && (re >= 0 || exponent.re == Math.rint(exponent.re))) {
      return re == 0 && exponent.re <= 0
          ? (exponent.re == 0 ? ONE : NAN)
          : real(Math.pow(re, exponent.re));
    }
    if (exponent.im == 0 && exponent.re == Math.rint(exponent.re) && Math.abs(exponent.re) <= 64) {
      Complex result = ONE;
      for (int times = 0; times < Math.abs(exponent.re); times++) {
        result = result.times(this);
      }
      return exponent.re < 0 ? ONE.dividedBy(result) : result;
    }
    return abs() == 0 ? real(0) : exponent.times(log()).exp();
  }
}
