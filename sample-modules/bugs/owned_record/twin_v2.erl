%% customers, version 2: keeps a default address, too. The owner of the addresses has
%% added a field to them.
-module(customers).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, code_change/3]).

%% As the header of that module has it.
-record(address, {city, code}).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{addresses => [], first => undefined}}.

handle_call({add, City}, _, #{addresses := Old, first := First} = State) ->
    All = [#address{city = City} | Old],
    {reply, length(All), State#{addresses := All, first := first(First, City)}}.

handle_cast(never, State) -> {noreply, State}.

first(undefined, City) -> City;
first(First, _) -> First.

code_change("1", #{addresses := All}, _) ->
    New = [#address{city = City} || {address, City} <- All],
    First = lists:foldl(fun(#address{city = City}, _) -> City end, undefined, New),
    {ok, #{addresses => New, first => First}};
code_change({down, "1"}, #{addresses := All}, _) ->
    {ok, #{addresses => [{address, City} || #address{city = City} <- All]}}.
