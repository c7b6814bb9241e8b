package vectors

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"lakehouse.invalid/peer/internal/filter"
	"lakehouse.invalid/peer/internal/rawjson"
)

// Limits of notices.
const (
	MaxNotices    = 20
	maxCompared   = 1000
	maxNameLength = 64
	maxSimilar    = 3
	maxTextLength = 32
)

// usage counts the items that have a field, by what is in it.
type usage struct {
	items int
	kinds map[rawjson.Kind]int
}

// kindsIn returns the distinct kinds of the values in a field: of itself, or of
// an array's elements. An array in an array counts as an object.
func kindsIn(v rawjson.Value) (kinds []rawjson.Kind) {
	if v.Kind() != rawjson.Array {
		return []rawjson.Kind{v.Kind()}
	}
	for e := range v.Each() {
		kind := e.Kind()
		if kind == rawjson.Array {
			kind = rawjson.Object
		}
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// tally counts the fields of an item, or with by -1 takes them back.
func (x *Index) tally(item *Item, by int) {
	for i, member := range item.members {
		replaced := func(m rawjson.Member) bool { return m.Name == member.Name }
		if slices.ContainsFunc(item.members[i+1:], replaced) {
			continue
		}
		u := x.fields[member.Name]
		if u == nil {
			u = &usage{kinds: map[rawjson.Kind]int{}}
			x.fields[member.Name] = u
		}
		u.items += by
		for _, kind := range kindsIn(member.Value) {
			u.kinds[kind] += by
		}
		if u.items == 0 {
			delete(x.fields, member.Name)
		}
	}
}

// Notices returns the reasons why tests of a filter match no item: the field
// or its type. Each one completes the sentence "no item …".
func (x *Index) Notices(tests []filter.Test) (notices []string) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if len(x.items) == 0 {
		return nil
	}
	for _, test := range tests {
		notice := x.notice(test)
		if notice != "" && !slices.Contains(notices, notice) {
			notices = append(notices, notice)
		}
		if len(notices) == MaxNotices {
			break
		}
	}
	return notices
}

// nouns are the words for values, in the order in which they are listed.
var nouns = []struct {
	kind rawjson.Kind
	noun string
}{
	{rawjson.Bool, "boolean"}, {rawjson.Number, "number"}, {rawjson.String, "string"}, {rawjson.Object, "object"},
}

func (x *Index) notice(test filter.Test) string {
	u := x.fields[test.Field]
	if u == nil {
		return fmt.Sprintf("has a field `%s`%s", test.Field, x.question(test.Field))
	}
	if test.Kind == rawjson.Null || u.kinds[test.Kind] > 0 {
		if test.Exact {
			return x.noticeOfCase(test)
		}
		return ""
	}
	var wanted string
	var others []string
	for _, n := range nouns {
		if n.kind == test.Kind {
			wanted = n.noun
		}
		if u.kinds[n.kind] > 0 {
			others = append(others, n.noun+"s")
		}
	}
	if len(others) == 0 {
		return ""
	}
	return fmt.Sprintf("has a %s in `%s`; its values are %s", wanted, test.Field, listed(others, "and"))
}

// question asks for the fields with names like an unknown one.
func (x *Index) question(name string) string {
	if len(x.fields) > maxCompared {
		return ""
	}
	return questionOf(mostSimilar(name, sorted(x.fields)))
}

func questionOf(similar []string) string {
	if len(similar) == 0 {
		return ""
	}
	var names []string
	for _, name := range similar {
		names = append(names, "`"+name+"`")
	}
	return "; did you mean " + listed(names, "or") + "?"
}

// noticeOfCase reports a text that no item has in a field, if some have it in
// another case.
func (x *Index) noticeOfCase(test filter.Test) string {
	if len(test.Text) > maxTextLength {
		return ""
	}
	similar := map[string]bool{}
	for _, item := range x.list {
		v, ok := item.members.Get(test.Field)
		if !ok {
			continue
		}
		for _, text := range textsIn(v) {
			if text == test.Text {
				return ""
			}
			if len(text) <= maxTextLength && inLowerCase(text) == inLowerCase(test.Text) {
				similar[text] = true
			}
		}
	}
	if len(similar) == 0 {
		return ""
	}
	texts := sorted(similar)
	return fmt.Sprintf("has `%s` in `%s`%s", test.Text, test.Field, questionOf(texts[:min(maxSimilar, len(texts))]))
}

// textsIn returns the strings among the values in a field.
func textsIn(v rawjson.Value) (texts []string) {
	values := []rawjson.Value{v}
	if v.Kind() == rawjson.Array {
		values = v.Elements()
	}
	for _, e := range values {
		if e.Kind() == rawjson.String {
			texts = append(texts, e.Text())
		}
	}
	return texts
}

// inLowerCase replaces each character by its simple lower-case mapping.
func inLowerCase(text string) string { return strings.Map(unicode.ToLower, text) }

// listed joins words as a sentence does.
func listed(words []string, joint string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " " + joint + " " + words[last]
}
