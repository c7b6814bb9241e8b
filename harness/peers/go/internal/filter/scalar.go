package filter

import (
	"cmp"
	"math"
	"strings"

	"lakehouse.invalid/peer/internal/rawjson"
)

// Scalar is a string, a number, a boolean or null. Two scalars are equal in
// the contract's sense when they are equal by ==.
type Scalar struct {
	Kind   rawjson.Kind
	Text   string
	Number float64
	Truth  bool
}

// ScalarOf converts v; arrays and objects are not scalars. A number beyond the
// range of a double is infinite.
func ScalarOf(v rawjson.Value) (Scalar, bool) {
	s := Scalar{Kind: v.Kind()}
	switch s.Kind {
	case rawjson.Null:
	case rawjson.String:
		s.Text = v.Text()
	case rawjson.Bool:
		s.Truth = v.Bool()
	case rawjson.Number:
		s.Number = v.Double()
	default:
		return Scalar{}, false
	}
	return s, true
}

// Finite reports whether s is not a number beyond the range of a double, which
// a filter must not have.
func (s Scalar) Finite() bool { return !math.IsInf(s.Number, 0) }

// is reports whether v is s. It copies no text, because a scan calls it for
// every item.
func (s Scalar) is(v rawjson.Value) bool {
	switch {
	case s.Kind != v.Kind():
		return false
	case s.Kind == rawjson.String:
		return v.TextIs(s.Text)
	}
	other, ok := ScalarOf(v)
	return ok && other == s
}

// isPartOf reports whether v is s, or a string of which the string s is a part.
func (s Scalar) isPartOf(v rawjson.Value) bool {
	if s.Kind == rawjson.String && v.Kind() == rawjson.String {
		return strings.Contains(v.Text(), s.Text)
	}
	return s.is(v)
}

// Lookup returns the scalar that a member of metadata has, if it is present
// and a scalar.
func Lookup(metadata rawjson.Members, name string) (Scalar, bool) {
	v, ok := metadata.Get(name)
	if !ok {
		return Scalar{}, false
	}
	return ScalarOf(v)
}

// Ordered reports whether values of s's kind have an order.
func (s Scalar) Ordered() bool {
	return s.Kind == rawjson.Number || s.Kind == rawjson.String
}

// Compare returns -1, 0 or 1 as s is less than, equal to or greater than
// other; strings compare by their bytes. Scalars of two kinds, or of one
// without an order, do not compare.
func (s Scalar) Compare(other Scalar) (sign int, ok bool) {
	if s.Kind != other.Kind || !s.Ordered() {
		return 0, false
	}
	if s.Kind == rawjson.Number {
		return cmp.Compare(s.Number, other.Number), true
	}
	return cmp.Compare(s.Text, other.Text), true
}
