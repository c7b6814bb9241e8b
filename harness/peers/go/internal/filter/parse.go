package filter

import (
	"fmt"
	"slices"

	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/rawjson"
)

const (
	maxFilters = 64
	maxValues  = 1000
)

// Parse reads a filter; path is its name in an error.
func Parse(v rawjson.Value, path string) (Filter, error) {
	name, form, ok := onlyMember(v)
	if !ok {
		return nil, fmt.Errorf("`%s` must be an object with exactly one of `eq`, `in`, `range`, `contains`, `and`, `or`, `not`", path)
	}
	path += "." + name
	switch name {
	case "eq":
		return parseEq(form, path)
	case "in":
		return parseIn(form, path)
	case "contains":
		return parseContains(form, path)
	case "range":
		return parseRange(form, path)
	case "not":
		inner, err := Parse(form, path)
		return negated{inner}, err
	}
	list, err := parseList(form, path)
	if name == "and" {
		return all(list), err
	}
	return anyOf(list), err
}

// onlyMember returns the one member of a filter; the last one when its name
// repeats.
func onlyMember(v rawjson.Value) (name string, form rawjson.Value, ok bool) {
	members := v.Members()
	if len(members) == 0 {
		return "", form, false
	}
	last := members[len(members)-1]
	if slices.ContainsFunc(members, func(m rawjson.Member) bool { return m.Name != last.Name }) {
		return "", form, false
	}
	known := []string{"eq", "in", "range", "contains", "and", "or", "not"}
	return last.Name, last.Value, slices.Contains(known, last.Name)
}

func parseEq(form rawjson.Value, path string) (Filter, error) {
	field, value, err := fieldAndValue(form, path)
	return oneOf{field, []Scalar{value}}, err
}

func parseContains(form rawjson.Value, path string) (Filter, error) {
	field, value, err := fieldAndValue(form, path)
	return contains{field, value}, err
}

// fieldAndValue reads the form of `eq` and `contains`.
func fieldAndValue(form rawjson.Value, path string) (field string, value Scalar, err error) {
	members, field, ok := operand(form, "value")
	value, isScalar := Lookup(members, "value")
	if !ok || !isScalar || !value.Finite() {
		err = fmt.Errorf("`%s` must be an object of `field`, a string, and `value`, a string, a number, a boolean or null", path)
	}
	return field, value, err
}

func parseIn(form rawjson.Value, path string) (Filter, error) {
	members, field, ok := operand(form, "values")
	list, _ := members.Get("values")
	elements := list.Elements()
	f := oneOf{field: field}
	for _, e := range elements {
		value, isScalar := ScalarOf(e)
		ok = ok && isScalar && value.Finite()
		f.values = append(f.values, value)
	}
	if !ok || len(elements) < 1 || len(elements) > maxValues {
		return nil, fmt.Errorf("`%s` must be an object of `field`, a string, and `values`, an array of 1 to 1000 strings, numbers, booleans or nulls", path)
	}
	return f, nil
}

func parseRange(form rawjson.Value, path string) (Filter, error) {
	members, field, ok := operand(form, "gt", "gte", "lt", "lte")
	f := within{field: field}
	for _, pair := range [][2]string{{"gt", "gte"}, {"lt", "lte"}} {
		given := 0
		for inclusive, name := range pair {
			v, there := members.Get(name)
			if !there {
				continue
			}
			given++
			value, isScalar := ScalarOf(v)
			ok = ok && isScalar && value.Finite() && value.Ordered()
			signs := []int{1}
			if pair[0] == "lt" {
				signs[0] = -1
			}
			if inclusive == 1 {
				signs = append(signs, 0)
			}
			f.bounds = append(f.bounds, bound{value, signs})
		}
		ok = ok && given <= 1
	}
	ok = ok && len(f.bounds) > 0 && f.bounds[0].value.Kind == f.bounds[len(f.bounds)-1].value.Kind
	if !ok {
		return nil, fmt.Errorf("`%s` must be an object of `field`, a string, and at least one of `gt` or `gte`, `lt` or `lte`, all numbers or all strings", path)
	}
	return f, nil
}

// operand reads the common form of `eq`, `in` and `range`: an object with a
// field that is a string, and no members besides field and others.
func operand(form rawjson.Value, others ...string) (members rawjson.Members, field string, ok bool) {
	members = form.Members()
	name, there := members.Get("field")
	_, unknown := fields.Unknown(members, append(others, "field"))
	return members, name.Text(), there && name.Kind() == rawjson.String && !unknown
}

func parseList(form rawjson.Value, path string) ([]Filter, error) {
	elements := form.Elements()
	if form.Kind() != rawjson.Array || len(elements) > maxFilters {
		return nil, fmt.Errorf("`%s` must be an array of at most 64 filters", path)
	}
	list := make([]Filter, len(elements))
	for i, e := range elements {
		var err error
		if list[i], err = Parse(e, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return nil, err
		}
	}
	return list, nil
}
