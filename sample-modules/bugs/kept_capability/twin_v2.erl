%% objects, version 2: knows how often each number was put, where it is able to, and reads
%% what version 1 wrote.
-module(objects).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{objects => #{}, format => 2}}.

handle_call({put, Key, Number}, _, #{objects := Objects} = State) ->
    {_, Times} = read(maps:find(Key, Objects)),
    {reply, ok, State#{objects := Objects#{Key => {Number, Times + 1}}}};
handle_call({get, Key}, _, #{objects := Objects} = State) ->
    {Number, _} = read(maps:find(Key, Objects)),
    {reply, Number, State}.

handle_cast(never, State) -> {noreply, State}.

code_change("1", #{objects := _} = State, _) ->
    {ok, State#{format => 2}};
code_change({down, "1"}, #{objects := Objects}, _) ->
    {ok, #{objects => maps:map(fun first_format/2, Objects)}}.

%% The number that an object holds, in either format, and how often it was put.
read(Object) ->
    case Object of
        error -> {none, 0};
        {ok, {Number, Times}} -> {Number, Times};
        {ok, Number} -> {Number, 1}
    end.

%% An object as version 1 wrote it.
first_format(_, Object) ->
    {Number, _} = read({ok, Object}),
    Number.
