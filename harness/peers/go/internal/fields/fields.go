// Package fields reads the members of an object one after the other and
// reports the first bad one in the contract's words.
package fields

import (
	"fmt"
	"slices"
	"strings"

	"lakehouse.invalid/peer/internal/rawjson"
)

// Test reports whether a value is permitted.
type Test func(v rawjson.Value) bool

// Reader reads fields until one is bad; after that it returns only zero
// values. Prefix precedes every name in an error.
type Reader struct {
	Members rawjson.Members
	Prefix  string
	err     error
}

// Err is the error of the first bad field.
func (r *Reader) Err() error { return r.err }

// Required returns the value of a field that must be present; null is a value
// like any other.
func (r *Reader) Required(name, want string, fits Test) rawjson.Value {
	v, ok := r.Members.Get(name)
	switch {
	case r.err != nil:
	case !ok:
		r.err = fmt.Errorf("missing field `%s%s`", r.Prefix, name)
	case !fits(v):
		r.wrong(name, want)
	default:
		return v
	}
	return rawjson.Value{}
}

// Optional returns the value of a field that may be absent or null; its kind
// is then Invalid.
func (r *Reader) Optional(name, want string, fits Test) rawjson.Value {
	v, ok := r.Members.Get(name)
	switch {
	case r.err != nil || !ok || v.Kind() == rawjson.Null:
	case !fits(v):
		r.wrong(name, want)
	default:
		return v
	}
	return rawjson.Value{}
}

// OptionalBy calls read with an optional field that is present; an error of
// read is the field's error.
func (r *Reader) OptionalBy(name string, read func(v rawjson.Value) error) {
	if v := r.Optional(name, "", Any); v.Kind() != rawjson.Invalid {
		r.err = read(v)
	}
}

func (r *Reader) wrong(name, want string) {
	r.err = fmt.Errorf("field `%s%s` must be %s", r.Prefix, name, want)
}

// Unknown returns the first member, in the text's order, that is not in known.
func Unknown(members rawjson.Members, known []string) (string, bool) {
	for _, m := range members {
		if !slices.Contains(known, m.Name) {
			return m.Name, true
		}
	}
	return "", false
}

// List returns names in backticks, separated by commas.
func List(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

// Any permits every value.
func Any(rawjson.Value) bool { return true }

// Is permits the values of one kind.
func Is(kind rawjson.Kind) Test {
	return func(v rawjson.Value) bool { return v.Kind() == kind }
}

// OrNull permits null as well.
func OrNull(test Test) Test {
	return func(v rawjson.Value) bool { return v.Kind() == rawjson.Null || test(v) }
}

// Integer permits the integers from low to high.
func Integer(low, high int64) Test {
	return func(v rawjson.Value) bool {
		n, ok := v.Integer()
		return ok && low <= n && n <= high
	}
}

// String permits the strings that pass a test.
func String(test func(s string) bool) Test {
	return func(v rawjson.Value) bool { return v.Kind() == rawjson.String && test(v.Text()) }
}

// OneOf permits a few strings.
func OneOf(names ...string) Test {
	return String(func(s string) bool { return slices.Contains(names, s) })
}

// ArrayOf permits the arrays whose every element passes a test.
func ArrayOf(test Test) Test {
	return func(v rawjson.Value) bool {
		if v.Kind() != rawjson.Array {
			return false
		}
		return !slices.ContainsFunc(v.Elements(), func(e rawjson.Value) bool { return !test(e) })
	}
}

// Strings returns the texts of an array of strings.
func Strings(v rawjson.Value) []string {
	var list []string
	for _, e := range v.Elements() {
		list = append(list, e.Text())
	}
	return list
}

// Array permits the arrays of low to high elements that each pass a test.
func Array(low, high int, test Test) Test {
	every := ArrayOf(test)
	return func(v rawjson.Value) bool {
		count := len(v.Elements())
		return every(v) && low <= count && count <= high
	}
}

// Pointer returns the text of an optional string, and nil when it is absent.
func Pointer(v rawjson.Value) *string {
	if v.Kind() != rawjson.String {
		return nil
	}
	text := v.Text()
	return &text
}

// Count returns an optional integer, or otherwise when it is absent.
func Count(v rawjson.Value, otherwise int) int {
	if n, ok := v.Integer(); ok {
		return int(n)
	}
	return otherwise
}
