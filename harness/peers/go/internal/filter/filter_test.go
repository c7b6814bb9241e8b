package filter

import (
	"strings"
	"testing"

	"lakehouse.invalid/peer/internal/rawjson"
)

func parse(t *testing.T, text string) rawjson.Value {
	t.Helper()
	v, err := rawjson.Parse([]byte(text), 0)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

const worker = `{"role":"Picker","shift":"d\u0061y\"s","years":3,"open":true,"gone":null,"tags":["a","Forklift, Reach",7,null,["deep"]],"none":[],"home":{"a":"a"},"huge":1e999,"zero":-0}`

func TestPasses(t *testing.T) {
	members := parse(t, worker).Members()
	for text, want := range map[string]bool{
		`{"eq":{"field":"role","value":"Picker"}}`:               true,
		`{"eq":{"field":"role","value":"picker"}}`:               false,
		`{"eq":{"field":"shift","value":"day\u0022s"}}`:          true,
		`{"eq":{"field":"shift","value":"day"}}`:                 false,
		`{"eq":{"field":"years","value":3.0}}`:                   true,
		`{"eq":{"field":"years","value":"3"}}`:                   false,
		`{"eq":{"field":"zero","value":0}}`:                      true,
		`{"eq":{"field":"open","value":true}}`:                   true,
		`{"eq":{"field":"gone","value":null}}`:                   true,
		`{"eq":{"field":"none","value":null}}`:                   false,
		`{"in":{"field":"tags","values":["b","a"]}}`:             true,
		`{"eq":{"field":"tags","value":null}}`:                   true,
		`{"eq":{"field":"tags","value":"deep"}}`:                 false,
		`{"eq":{"field":"home","value":"a"}}`:                    false,
		`{"not":{"eq":{"field":"tags","value":"a"}}}`:            false,
		`{"not":{"eq":{"field":"none","value":"a"}}}`:            true,
		`{"range":{"field":"tags","gt":6,"lt":8}}`:               true,
		`{"range":{"field":"tags","gt":7}}`:                      false,
		`{"contains":{"field":"tags","value":"klift"}}`:          true,
		`{"contains":{"field":"tags","value":7.0}}`:              true,
		`{"contains":{"field":"tags","value":"7"}}`:              false,
		`{"contains":{"field":"role","value":"pick"}}`:           false,
		`{"contains":{"field":"shift","value":"y\""}}`:           true,
		`{"contains":{"field":"none","value":""}}`:               false,
		`{"in":{"field":"role","values":[1,null,"Picker"]}}`:     true,
		`{"range":{"field":"years","gte":3,"lt":4}}`:             true,
		`{"range":{"field":"years","gt":3}}`:                     false,
		`{"range":{"field":"years","lte":3}}`:                    true,
		`{"range":{"field":"years","gt":"2"}}`:                   false,
		`{"range":{"field":"role","gte":"P","lt":"Q"}}`:          true,
		`{"range":{"field":"huge","gt":0}}`:                      true,
		`{"range":{"field":"nowhere","lt":9}}`:                   false,
		`{"and":[]}`:                                             true,
		`{"or":[]}`:                                              false,
		`{"not":{"or":[]}}`:                                      true,
		`{"not":{"eq":{"field":"none","value":1}}}`:              true,
		`{"or":[{"or":[]},{"eq":{"field":"years","value":3}}]}`:  true,
		`{"and":[{"or":[]},{"eq":{"field":"years","value":3}}]}`: false,
		`{"or":[],"or":{},"or":[{"and":[]}]}`:                    true,
	} {
		f, err := Parse(parse(t, text), "filter")
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if f.Passes(members) != want {
			t.Errorf("%s passes: %t", text, !want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	const (
		object = "must be an object with exactly one of `eq`, `in`, `range`, `contains`, `and`, `or`, `not`"
		eq     = "must be an object of `field`, a string, and `value`, a string, a number, a boolean or null"
		in     = "must be an object of `field`, a string, and `values`, an array of 1 to 1000 strings, numbers, booleans or nulls"
		bounds = "must be an object of `field`, a string, and at least one of `gt` or `gte`, `lt` or `lte`, all numbers or all strings"
		list   = "must be an array of at most 64 filters"
	)
	for text, want := range map[string]string{
		`[]`:                             "`filter` " + object,
		`{}`:                             "`filter` " + object,
		`{"like":{}}`:                    "`filter` " + object,
		`{"and":[],"or":[]}`:             "`filter` " + object,
		`{"not":1}`:                      "`filter.not` " + object,
		`{"and":[{"or":[]},{"or":[0]}]}`: "`filter.and[1].or[0]` " + object,
		`{"and":{}}`:                     "`filter.and` " + list,
		`{"or":[` + strings.Repeat(`{"or":[]},`, 64) + `1]}`: "`filter.or` " + list,
		`{"eq":null}`:                                                         "`filter.eq` " + eq,
		`{"eq":{"field":"a"}}`:                                                "`filter.eq` " + eq,
		`{"eq":{"field":1,"value":1}}`:                                        "`filter.eq` " + eq,
		`{"eq":{"field":"a","value":[]}}`:                                     "`filter.eq` " + eq,
		`{"eq":{"field":"a","value":1e999}}`:                                  "`filter.eq` " + eq,
		`{"eq":{"field":"a","value":1,"x":1}}`:                                "`filter.eq` " + eq,
		`{"in":{"field":"a","values":[]}}`:                                    "`filter.in` " + in,
		`{"in":{"field":"a","values":[{}]}}`:                                  "`filter.in` " + in,
		`{"in":{"field":"a","values":[1` + strings.Repeat(",1", 1000) + `]}}`: "`filter.in` " + in,
		`{"contains":{"field":"a","value":["b"]}}`:                            "`filter.contains` " + eq,
		`{"range":{"field":"a"}}`:                                             "`filter.range` " + bounds,
		`{"range":{"field":"a","gt":1,"gte":1}}`:                              "`filter.range` " + bounds,
		`{"range":{"field":"a","lt":1,"lte":1}}`:                              "`filter.range` " + bounds,
		`{"range":{"field":"a","gt":1,"lt":"2"}}`:                             "`filter.range` " + bounds,
		`{"range":{"field":"a","gt":null}}`:                                   "`filter.range` " + bounds,
		`{"range":{"field":"a","gt":true}}`:                                   "`filter.range` " + bounds,
	} {
		if _, err := Parse(parse(t, text), "filter"); err == nil || err.Error() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}
