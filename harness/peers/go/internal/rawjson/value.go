// Package rawjson reads and writes JSON losslessly: a value keeps its own
// text, so that the spelling of numbers, escapes, and the order and repetition
// of members survive. encoding/json is too lenient (case-insensitive names,
// invalid UTF-8) and changes too much (HTML escapes, reprinted numbers) for
// that.
package rawjson

import (
	"errors"
	"iter"
	"slices"
	"unicode/utf8"
)

// The errors of Parse.
var (
	ErrSyntax = errors.New("not valid JSON")
	ErrDepth  = errors.New("nested too deeply")
)

// Kind is the type of a value.
type Kind byte

// The kinds of values. Invalid is the kind of the zero Value.
const (
	Invalid Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// Value is a valid JSON value, kept as its text. It shares memory with the
// text it was parsed from.
type Value struct {
	raw   []byte
	depth int
}

// Member is a member of an object.
type Member struct {
	Name  string
	Value Value
}

// Parse reads text, which must hold one value and be UTF-8. A valid text with
// more than maxDepth levels is ErrDepth; a maxDepth of 0 accepts any nesting.
func Parse(text []byte, maxDepth int) (Value, error) {
	if !utf8.Valid(text) {
		return Value{}, ErrSyntax
	}
	s, ok := scan(text, 0, nil)
	if !ok || skipSpace(text, s.end) != len(text) {
		return Value{}, ErrSyntax
	}
	if maxDepth > 0 && int(s.height) > maxDepth {
		return Value{}, ErrDepth
	}
	return Value{raw: text[skipSpace(text, 0):s.end], depth: int(s.height)}, nil
}

// Kind returns the kind of v.
func (v Value) Kind() Kind {
	if len(v.raw) == 0 {
		return Invalid
	}
	switch v.raw[0] {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't', 'f':
		return Bool
	case 'n':
		return Null
	}
	return Number
}

// Depth returns the number of levels that v nests: 0 for a scalar, 1 for `[]`.
func (v Value) Depth() int {
	if v.depth < 0 {
		s, _ := scan(v.raw, 0, nil)
		return int(s.height)
	}
	return v.depth
}

// Bool returns the value of a boolean, and false for anything else.
func (v Value) Bool() bool { return len(v.raw) > 0 && v.raw[0] == 't' }

// Raw returns the original text of v.
func (v Value) Raw() []byte { return v.raw }

// Members returns the members of an object in the text's order, including
// repeated names, and none for anything else.
func (v Value) Members() Members {
	if v.Kind() != Object {
		return nil
	}
	var members Members
	i := skipSpace(v.raw, 1)
	for v.raw[i] != '}' {
		end := skipValue(v.raw, i)
		name := unquote(v.raw[i:end])
		i = skipSpace(v.raw, skipSpace(v.raw, end)+1)
		end = skipValue(v.raw, i)
		members = append(members, Member{name, child(v.raw[i:end])})
		i = skipComma(v.raw, end)
	}
	return members
}

// Elements returns the elements of an array, and none for anything else.
func (v Value) Elements() []Value { return slices.Collect(v.Each()) }

// Each iterates over the elements of an array, and over none for anything
// else.
func (v Value) Each() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.Kind() != Array {
			return
		}
		i := skipSpace(v.raw, 1)
		for v.raw[i] != ']' {
			end := skipValue(v.raw, i)
			if !yield(child(v.raw[i:end])) {
				return
			}
			i = skipComma(v.raw, end)
		}
	}
}

// child returns a value inside another; its depth is counted on demand.
func child(raw []byte) Value { return Value{raw: raw, depth: -1} }

// Members are the members of an object.
type Members []Member

// Get returns the member with exactly that name; the last one when it repeats.
func (m Members) Get(name string) (Value, bool) {
	for i := len(m) - 1; i >= 0; i-- {
		if m[i].Name == name {
			return m[i].Value, true
		}
	}
	return Value{}, false
}

// skipValue returns the end of the value that begins at text[i]; text is
// valid.
func skipValue(text []byte, i int) int {
	switch text[i] {
	case '"':
		return skipString(text, i)
	case '{', '[':
		for depth := 0; ; i++ {
			switch text[i] {
			case '"':
				i = skipString(text, i) - 1
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
	}
	for i < len(text) && !isSpace(text[i]) && text[i] != ',' && text[i] != ']' && text[i] != '}' {
		i++
	}
	return i
}

func skipString(text []byte, i int) int {
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// skipComma moves from the end of one member to the next or to the closing
// bracket.
func skipComma(text []byte, i int) int {
	i = skipSpace(text, i)
	if text[i] == ',' {
		i = skipSpace(text, i+1)
	}
	return i
}
