%% objects, version 1: keeps a number for each key.
-module(objects).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{objects => #{}}}.

handle_call({put, Key, Number}, _, #{objects := Objects}) ->
    {reply, ok, #{objects => Objects#{Key => Number}}};
handle_call({get, Key}, _, #{objects := Objects} = State) ->
    {reply, read(maps:find(Key, Objects)), State}.

handle_cast(never, State) -> {noreply, State}.

%% The number that an object holds.
read(Object) ->
    case Object of
        error -> none;
        {ok, Number} when is_integer(Number) -> Number
    end.
