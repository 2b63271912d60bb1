%% cache, version 3: the entries are called stored, the puts written.
-module(cache).
-vsn("3").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_continue/2, handle_call/3, handle_cast/2, handle_info/2,
         code_change/3]).

-define(IDLE, 700).

start_link(Name, First) -> gen_server:start_link({local, Name}, ?MODULE, First, []).

init(First) -> {ok, #{stored => #{}, written => 0, waiting => []}, {continue, First}}.

handle_continue(First, #{stored := Entries} = State) ->
    {noreply, State#{stored := Entries#{first => First}}}.

handle_call({get, Key}, _, #{stored := Entries} = State) ->
    {reply, maps:get(Key, Entries, -1), State, ?IDLE};
handle_call({put, Key, Value}, _, State) ->
    {reply, Value, put(Key, Value, State), hibernate};
handle_call(wait, From, #{waiting := Waiting} = State) ->
    {noreply, State#{waiting := Waiting ++ [From]}};
handle_call(stop, _, State) ->
    {stop, shutdown, 0, State}.

handle_cast({put, Key, Value}, State) -> {noreply, put(Key, Value, State)};
handle_cast(clear, State) -> {noreply, State, 0}.

handle_info(timeout, State) -> {noreply, State#{stored := #{}}};
handle_info(_, State) -> {noreply, State}.

put(Key, Value, #{stored := Entries, written := Puts, waiting := Waiting} = State) ->
    [gen_server:reply(From, Value) || From <- Waiting],
    State#{stored := Entries#{Key => Value}, written := Puts + 1, waiting := []}.

code_change("1", #{entries := Entries, waiting := Waiting}, _) ->
    {ok, #{stored => Entries, written => 0, waiting => Waiting}};
code_change("2", #{values := Entries, puts := Puts, waiting := Waiting}, _) ->
    {ok, #{stored => Entries, written => Puts, waiting => Waiting}};
code_change({down, "2"}, #{stored := Entries, written := Puts, waiting := Waiting}, _) ->
    {ok, #{values => Entries, puts => Puts, waiting => Waiting}};
code_change({down, "1"}, #{stored := Entries, waiting := Waiting}, _) ->
    {ok, #{entries => Entries, waiting => Waiting}};
code_change(_, _, _) ->
    {error, unknown_version}.
