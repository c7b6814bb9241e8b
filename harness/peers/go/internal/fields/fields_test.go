package fields

import (
	"testing"

	"lakehouse.invalid/peer/internal/rawjson"
)

func members(t *testing.T, text string) rawjson.Members {
	t.Helper()
	v, err := rawjson.Parse([]byte(text), 0)
	if err != nil {
		t.Fatal(err)
	}
	return v.Members()
}

func TestReader(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":"x","b":2.0}`:         "",
		`{"a":"x"}`:                 "",
		`{"a":"x","b":null}`:        "",
		`{"b":2}`:                   "missing field `c.a`",
		`{"A":"x"}`:                 "missing field `c.a`",
		`{"a":null}`:                "field `c.a` must be a string",
		`{"a":"x","b":11}`:          "field `c.b` must be an integer from 1 to 10",
		`{"a":1,"b":11}`:            "field `c.a` must be a string",
		`{"a":1,"a":"x","b":"no"}`:  "field `c.b` must be an integer from 1 to 10",
		`{"a":"x","b":"no","b":10}`: "",
	} {
		r := Reader{Members: members(t, text), Prefix: "c."}
		r.Required("a", "a string", Is(rawjson.String))
		r.Optional("b", "an integer from 1 to 10", Integer(1, 10))
		got := ""
		if r.Err() != nil {
			got = r.Err().Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestUnknown(t *testing.T) {
	m := members(t, `{"b":1,"z":2,"B":3}`)
	if got, ok := Unknown(m, []string{"a", "b"}); !ok || got != "z" {
		t.Errorf("got %q, %v", got, ok)
	}
	if got, ok := Unknown(m, []string{"b", "z", "B"}); ok {
		t.Errorf("got %q", got)
	}
	if got := List([]string{"a", "b"}); got != "`a`, `b`" {
		t.Errorf("list %s", got)
	}
}

func TestTests(t *testing.T) {
	array := members(t, `{"a":["x","y"],"b":["x",1],"c":null}`)
	strings := ArrayOf(Is(rawjson.String))
	for name, want := range map[string]bool{"a": true, "b": false, "c": false} {
		v, _ := array.Get(name)
		if got := strings(v); got != want {
			t.Errorf("%s is an array of strings: %v", name, got)
		}
	}
	null, _ := array.Get("c")
	if !OrNull(strings)(null) || OneOf("null")(null) {
		t.Error("null is read wrongly")
	}
}
