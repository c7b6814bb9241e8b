// Package fields reads the members of an object one after the other and says,
// in the contract's words, what is wrong with the first bad one.
package fields

import (
	"fmt"
	"slices"
	"strings"

	"lakehouse.invalid/peer/internal/rawjson"
)

// Test tells whether a value is of the permitted ones.
type Test func(v rawjson.Value) bool

// Reader reads fields until one is bad; after that it only passes on zero
// values. Prefix stands before every name in an error.
type Reader struct {
	Members rawjson.Members
	Prefix  string
	err     error
}

// Err is what was wrong with the first bad field.
func (r *Reader) Err() error { return r.err }

// Required is the value of a field that has to be there; null is a value like
// any other.
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

// Optional is the value of a field that may be absent or null, which is a
// value of kind Invalid then.
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

// OptionalBy gives an optional field that is there to read, whose error is the
// field's.
func (r *Reader) OptionalBy(name string, read func(v rawjson.Value) error) {
	if v := r.Optional(name, "", Any); v.Kind() != rawjson.Invalid {
		r.err = read(v)
	}
}

func (r *Reader) wrong(name, want string) {
	r.err = fmt.Errorf("field `%s%s` must be %s", r.Prefix, name, want)
}

// Unknown is the first member, in the text's order, that is none of known.
func Unknown(members rawjson.Members, known []string) (string, bool) {
	for _, m := range members {
		if !slices.Contains(known, m.Name) {
			return m.Name, true
		}
	}
	return "", false
}

// List writes names in backticks, with commas between them.
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

// Strings are the texts of an array of strings.
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

// Pointer is the text of an optional string, and nil where it is not given.
func Pointer(v rawjson.Value) *string {
	if v.Kind() != rawjson.String {
		return nil
	}
	text := v.Text()
	return &text
}

// Count is an optional integer, and otherwise where it is not given.
func Count(v rawjson.Value, otherwise int) int {
	if n, ok := v.Integer(); ok {
		return int(n)
	}
	return otherwise
}
