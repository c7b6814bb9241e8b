package rawjson

import (
	"bytes"
	"math"
	"strconv"
)

// MaxInteger is the greatest integer of the contract, 2⁵³−1.
const MaxInteger = 1<<53 - 1

// decimal is the exact value of a number: 0.d₁d₂d₃… · 10^exponent, without
// zeros at either end of the digits; zero has no digits.
type decimal struct {
	negative bool
	digits   []byte
	exponent int64
}

func (v Value) decimal() decimal {
	raw := v.raw
	var d decimal
	if raw[0] == '-' {
		d.negative = true
		raw = raw[1:]
	}
	if i := bytes.IndexAny(raw, "eE"); i >= 0 {
		d.exponent = exponent(raw[i+1:])
		raw = raw[:i]
	}
	whole, fraction, _ := bytes.Cut(raw, []byte{'.'})
	d.exponent += int64(len(whole))
	d.digits = make([]byte, 0, len(raw))
	d.digits = append(append(d.digits, whole...), fraction...)
	trimmed := bytes.TrimLeft(d.digits, "0")
	d.exponent -= int64(len(d.digits) - len(trimmed))
	d.digits = bytes.TrimRight(trimmed, "0")
	if len(d.digits) == 0 {
		return decimal{}
	}
	return d
}

// exponent reads an exponent. It is capped where no text has enough digits to
// compensate for it.
func exponent(raw []byte) int64 {
	const limit = 1 << 40
	negative := raw[0] == '-'
	var n int64
	for _, c := range bytes.TrimLeft(raw, "+-") {
		n = min(n*10+int64(c-'0'), limit)
	}
	if negative {
		return -n
	}
	return n
}

// Integer returns the value of a number that is an integer of at most
// MaxInteger in size, in any spelling.
func (v Value) Integer() (int64, bool) {
	if v.Kind() != Number {
		return 0, false
	}
	d := v.decimal()
	if len(d.digits) == 0 {
		return 0, true
	}
	if d.exponent > 16 || int64(len(d.digits)) > d.exponent {
		return 0, false
	}
	var n int64
	for i := range d.exponent {
		n *= 10
		if i < int64(len(d.digits)) {
			n += int64(d.digits[i] - '0')
		}
	}
	if n > MaxInteger {
		return 0, false
	}
	if d.negative {
		n = -n
	}
	return n, true
}

// Between reports whether v is a number from 0 to limit, a digit from 1 to 9,
// both included. It compares exactly, without rounding to a double.
func (v Value) Between(limit byte) bool {
	if v.Kind() != Number {
		return false
	}
	d := v.decimal()
	switch {
	case len(d.digits) == 0:
		return true
	case d.negative || d.exponent > 1:
		return false
	case d.exponent < 1:
		return true
	}
	top := d.digits[0] - '0'
	return top < limit || top == limit && len(d.digits) == 1
}

// WithinPowerOfTen reports whether v is a number from -10^n to 10^n, both
// included. It compares exactly.
func (v Value) WithinPowerOfTen(n int64) bool {
	if v.Kind() != Number {
		return false
	}
	d := v.decimal()
	return len(d.digits) == 0 || d.exponent <= n || d.exponent == n+1 && string(d.digits) == "1"
}

// Float returns the value of a number that is in the range of a double.
func (v Value) Float() (float64, bool) {
	if v.Kind() != Number {
		return 0, false
	}
	f := v.Double()
	return f, !math.IsInf(f, 0)
}

// Double returns the double nearest to a number, infinite beyond their range.
func (v Value) Double() float64 {
	f, _ := strconv.ParseFloat(string(v.raw), 64)
	return f
}
