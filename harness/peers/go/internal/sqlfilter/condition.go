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
}

// Condition is a filter that passes when the condition is true.
type Condition struct{ expression }

// Passes reports whether the condition is true, rather than false or unknown.
func (c Condition) Passes(metadata rawjson.Members) bool { return c.eval(metadata) == yes }

type (
	not  struct{ inner expression }
	both struct{ left, right expression }
	one  struct{ left, right expression }
	// comparison holds when comparing a member with a literal gives one of
	// signs.
	comparison struct {
		name    string
		literal filter.Scalar
		signs   []int
	}
)

func (e not) eval(m rawjson.Members) truth  { return -e.inner.eval(m) }
func (e both) eval(m rawjson.Members) truth { return min(e.left.eval(m), e.right.eval(m)) }
func (e one) eval(m rawjson.Members) truth  { return max(e.left.eval(m), e.right.eval(m)) }

func (e comparison) eval(m rawjson.Members) truth {
	value, ok := filter.Lookup(m, e.name)
	if !ok || value.Kind != e.literal.Kind {
		return unknown
	}
	sign, ordered := value.Compare(e.literal)
	if !ordered && value != e.literal {
		// Booleans are compared only for equality: any sign but 0 means
		// different.
		sign = 1
	}
	return truthOf(slices.Contains(e.signs, sign))
}
