// Package filter decides from an item's metadata whether the item passes.
package filter

import (
	"slices"

	"lakehouse.invalid/peer/internal/rawjson"
)

// Filter accepts some metadata and rejects others.
type Filter interface {
	Passes(metadata rawjson.Members) bool
	// Tests returns the comparisons in the filter, in the order of its text.
	Tests() []Test
}

// Test is a comparison of the values in a field with one of a kind; Null has
// no values of its own, and stands for a test of any kind. With Exact, the
// values are strings that must equal Text.
type Test struct {
	Field string
	Kind  rawjson.Kind
	Exact bool
	Text  string
}

// mostTexts is the number of strings of a test that are compared by case.
const mostTexts = 20

type (
	// oneOf implements both `eq` and `in`.
	oneOf struct {
		field  string
		values []Scalar
	}
	within struct {
		field  string
		bounds []bound
	}
	contains struct {
		field string
		part  Scalar
	}
	all     []Filter
	anyOf   []Filter
	negated struct{ inner Filter }
)

// bound is a bound of a range: the comparison with it must be one of signs.
type bound struct {
	value Scalar
	signs []int
}

// anyValue reports whether a value in a field passes: the field itself, or an
// element of its array.
func anyValue(metadata rawjson.Members, field string, passes func(v rawjson.Value) bool) bool {
	v, ok := metadata.Get(field)
	if !ok {
		return false
	}
	if v.Kind() != rawjson.Array {
		return passes(v)
	}
	for e := range v.Each() {
		if passes(e) {
			return true
		}
	}
	return false
}

func (f oneOf) Passes(metadata rawjson.Members) bool {
	return anyValue(metadata, f.field, func(v rawjson.Value) bool {
		return slices.ContainsFunc(f.values, func(s Scalar) bool { return s.is(v) })
	})
}

func (f within) Passes(metadata rawjson.Members) bool {
	return anyValue(metadata, f.field, func(v rawjson.Value) bool {
		value, ok := ScalarOf(v)
		if !ok {
			return false
		}
		for _, b := range f.bounds {
			sign, comparable := value.Compare(b.value)
			if !comparable || !slices.Contains(b.signs, sign) {
				return false
			}
		}
		return true
	})
}

func (f contains) Passes(metadata rawjson.Members) bool {
	return anyValue(metadata, f.field, f.part.isPartOf)
}

func (f all) Passes(metadata rawjson.Members) bool {
	return !slices.ContainsFunc(f, func(g Filter) bool { return !g.Passes(metadata) })
}

func (f anyOf) Passes(metadata rawjson.Members) bool {
	return slices.ContainsFunc(f, func(g Filter) bool { return g.Passes(metadata) })
}

func (f negated) Passes(metadata rawjson.Members) bool { return !f.inner.Passes(metadata) }

// TestsOf returns the tests of a field with values: one for each kind, or one
// of Null when there is no other.
func TestsOf(field string, values ...Scalar) (tests []Test) {
	for _, value := range values {
		test := Test{Field: field, Kind: value.Kind}
		if test.Kind != rawjson.Null && !slices.Contains(tests, test) {
			tests = append(tests, test)
		}
	}
	if tests == nil {
		return []Test{{Field: field, Kind: rawjson.Null}}
	}
	return tests
}

// EqualityTests returns the tests of a field that must equal one of values.
func EqualityTests(field string, values ...Scalar) []Test {
	tests := TestsOf(field, values...)
	count := 0
	for _, value := range values {
		if value.Kind == rawjson.String && count < mostTexts {
			tests = append(tests, Test{field, rawjson.String, true, value.Text})
			count++
		}
	}
	return tests
}

func (f oneOf) Tests() []Test    { return EqualityTests(f.field, f.values...) }
func (f within) Tests() []Test   { return TestsOf(f.field, f.bounds[0].value) }
func (f contains) Tests() []Test { return TestsOf(f.field, f.part) }
func (f all) Tests() []Test      { return testsOfAll(f) }
func (f anyOf) Tests() []Test    { return testsOfAll(f) }
func (f negated) Tests() []Test  { return f.inner.Tests() }

func testsOfAll(filters []Filter) (tests []Test) {
	for _, f := range filters {
		tests = append(tests, f.Tests()...)
	}
	return tests
}
