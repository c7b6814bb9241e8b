// Package sqlfilter reads SQL conditions over metadata and evaluates them in
// SQL's three-valued logic.
package sqlfilter

import (
	"slices"

	"lakehouse.invalid/peer/internal/filter"
	"lakehouse.invalid/peer/internal/rawjson"
)

// truth is a value of SQL's logic. AND is the minimum of two, OR the maximum,
// and NOT changes the sign.
type truth int8

const (
	no      truth = -1
	unknown truth = 0
	yes     truth = 1
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// expression is a part of a condition.
type expression interface {
	eval(metadata rawjson.Members) truth
	tests() []filter.Test
}

// Condition is a filter that passes when the condition is true.
type Condition struct{ expression }

// Passes reports whether the condition is true, rather than false or unknown.
func (c Condition) Passes(metadata rawjson.Members) bool { return c.eval(metadata) == yes }

// Tests returns the comparisons in the condition.
func (c Condition) Tests() []filter.Test { return c.tests() }

type (
	not  struct{ inner expression }
	both struct{ left, right expression }
	one  struct{ left, right expression }
	// predicate decides about a member by its value, or by the elements of its
	// array.
	predicate struct {
		name string
		test test
	}
	absent struct{ name string }
)

func (e not) eval(m rawjson.Members) truth  { return -e.inner.eval(m) }
func (e both) eval(m rawjson.Members) truth { return min(e.left.eval(m), e.right.eval(m)) }
func (e one) eval(m rawjson.Members) truth  { return max(e.left.eval(m), e.right.eval(m)) }

func (e predicate) eval(m rawjson.Members) truth {
	v, ok := m.Get(e.name)
	if !ok {
		return unknown
	}
	if v.Kind() != rawjson.Array {
		return e.test.of(v)
	}
	result := no
	for element := range v.Each() {
		result = max(result, e.test.of(element))
	}
	return result
}

func (e absent) eval(m rawjson.Members) truth {
	v, ok := m.Get(e.name)
	return truthOf(!ok || v.Kind() == rawjson.Null)
}

func (e not) tests() []filter.Test  { return e.inner.tests() }
func (e both) tests() []filter.Test { return append(e.left.tests(), e.right.tests()...) }
func (e one) tests() []filter.Test  { return append(e.left.tests(), e.right.tests()...) }

func (e predicate) tests() []filter.Test {
	literals := e.test.literals()
	if e.test.exact() {
		return filter.EqualityTests(e.name, literals...)
	}
	return filter.TestsOf(e.name, literals...)
}
func (e absent) tests() []filter.Test { return filter.TestsOf(e.name) }

// test decides about one value, which is no element-wise array any more.
type test interface {
	of(v rawjson.Value) truth
	literals() []filter.Scalar
	// exact reports whether a value must equal a literal.
	exact() bool
}

type (
	// comparison holds when comparing a value with a literal gives one of signs.
	comparison struct {
		literal filter.Scalar
		signs   []int
	}
	anyOf []test
	allOf []test
)

func (t comparison) of(v rawjson.Value) truth {
	value, ok := filter.ScalarOf(v)
	if !ok || value.Kind != t.literal.Kind {
		return unknown
	}
	sign, ordered := value.Compare(t.literal)
	if !ordered && value != t.literal {
		// Booleans are compared only for equality: any sign but 0 means
		// different.
		sign = 1
	}
	return truthOf(slices.Contains(t.signs, sign))
}

func (t anyOf) of(v rawjson.Value) truth {
	result := no
	for _, part := range t {
		result = max(result, part.of(v))
	}
	return result
}

func (t allOf) of(v rawjson.Value) truth {
	result := yes
	for _, part := range t {
		result = min(result, part.of(v))
	}
	return result
}

func (t comparison) literals() []filter.Scalar { return []filter.Scalar{t.literal} }
func (t anyOf) literals() []filter.Scalar      { return literalsOf(t) }
func (t allOf) literals() []filter.Scalar      { return literalsOf(t) }

func (t comparison) exact() bool { return slices.Equal(t.signs, signs["="]) }
func (t anyOf) exact() bool      { return true }
func (t allOf) exact() bool      { return false }

func literalsOf(tests []test) (literals []filter.Scalar) {
	for _, t := range tests {
		literals = append(literals, t.literals()...)
	}
	return literals
}
