%% cache, version 2: the entries are called values, and the puts are counted.
-module(cache).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_continue/2, handle_call/3, handle_cast/2, handle_info/2,
         code_change/3]).

-define(IDLE, 700).

start_link(Name, First) -> gen_server:start_link({local, Name}, ?MODULE, First, []).

init(First) -> {ok, #{values => #{}, puts => 0, waiting => []}, {continue, First}}.

handle_continue(First, #{values := Entries} = State) ->
    {noreply, State#{values := Entries#{first => First}}}.

handle_call({get, Key}, _, #{values := Entries} = State) ->
    {reply, maps:get(Key, Entries, -1), State, ?IDLE};
handle_call({put, Key, Value}, _, State) ->
    {reply, Value, put(Key, Value, State), hibernate};
handle_call(wait, From, #{waiting := Waiting} = State) ->
    {noreply, State#{waiting := Waiting ++ [From]}};
handle_call(stop, _, State) ->
    {stop, shutdown, 0, State}.

handle_cast({put, Key, Value}, State) -> {noreply, put(Key, Value, State)};
handle_cast(clear, State) -> {noreply, State, 0}.

handle_info(timeout, State) -> {noreply, State#{values := #{}}};
handle_info(_, State) -> {noreply, State}.

put(Key, Value, #{values := Entries, puts := Puts, waiting := Waiting} = State) ->
    [gen_server:reply(From, Value) || From <- Waiting],
    State#{values := Entries#{Key => Value}, puts := Puts + 1, waiting := []}.

code_change("1", #{entries := Entries, waiting := Waiting}, _) ->
    {ok, #{values => Entries, puts => 0, waiting => Waiting}};
code_change({down, "1"}, #{values := Entries, waiting := Waiting}, _) ->
    {ok, #{entries => Entries, waiting => Waiting}};
code_change(_, _, _) ->
    {error, unknown_version}.
