// Package filter decides from an item's metadata whether the item passes.
package filter

import (
	"slices"

	"lakehouse.invalid/peer/internal/rawjson"
)

// Filter accepts some metadata and rejects others.
type Filter interface {
	Passes(metadata rawjson.Members) bool
}

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
	all     []Filter
	anyOf   []Filter
	negated struct{ inner Filter }
)

// bound is a bound of a range: the comparison with it must be one of signs.
type bound struct {
	value Scalar
	signs []int
}

func (f oneOf) Passes(metadata rawjson.Members) bool {
	v, ok := metadata.Get(f.field)
	return ok && slices.ContainsFunc(f.values, func(s Scalar) bool { return s.is(v) })
}

func (f within) Passes(metadata rawjson.Members) bool {
	value, ok := Lookup(metadata, f.field)
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
}

func (f all) Passes(metadata rawjson.Members) bool {
	return !slices.ContainsFunc(f, func(g Filter) bool { return !g.Passes(metadata) })
}

func (f anyOf) Passes(metadata rawjson.Members) bool {
	return slices.ContainsFunc(f, func(g Filter) bool { return g.Passes(metadata) })
}

func (f negated) Passes(metadata rawjson.Members) bool { return !f.inner.Passes(metadata) }
